package dev.eddy.model.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.List;
import java.util.Locale;

/**
 * What a backtest found. Errors are on values z-scored by each entity's training rows, averaged
 * over windows, steps of the horizon and entities.
 *
 * @param horizon steps ahead
 * @param entities how many series
 * @param train rows trained on
 * @param validation rows that chose
 * @param test rows scored once
 * @param windows windows of the test part, all entities together
 * @param rows one row per method, the model last
 * @param rounds rounds the model was trained for
 * @param bestRound rounds after which its weights were best on validation
 */
public record BacktestResult(
    int horizon,
    int entities,
    int train,
    int validation,
    int test,
    long windows,
    List<Row> rows,
    int rounds,
    int bestRound) {
  private static final String COLUMNS = "%-12s %9s %9s %9s %9s %9s   %s";

  /** Keeps a copy. */
  public BacktestResult {
    rows = List.copyOf(rows);
  }

  /**
   * One method.
   *
   * @param method its name: repeat-last, naive-24, ridge, model
   * @param chosen what validation chose; empty where there was nothing to choose
   * @param validation its errors on the validation rows
   * @param test its errors on the test rows
   */
  public record Row(String method, String chosen, Errors validation, Errors test) {}

  /**
   * Errors on one part.
   *
   * @param mse mean squared error
   * @param mae mean absolute error
   * @param coverage share of truths within the outermost quantiles; null where a method has none
   */
  public record Errors(double mse, double mae, Double coverage) {}

  /** The row of a method; an error where there is none. */
  public Row row(String method) {
    return rows.stream()
        .filter(row -> row.method().equals(method))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no row '" + method + "'"));
  }

  /** As JSON, indented. */
  public String toJson() {
    try {
      return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write the result of a backtest", e);
    }
  }

  /** As a table for people. */
  public String table() {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "%d series, horizon %d; rows: %d train, %d validation, %d test; %d test windows",
        entities,
        horizon,
        train,
        validation,
        test,
        windows);
    line(text, "errors on values z-scored by each series' training rows");
    line(
        text,
        COLUMNS,
        "",
        "valid mse",
        "valid mae",
        "test mse",
        "test mae",
        "coverage",
        "chosen on validation");
    for (Row row : rows) {
      line(
          text,
          COLUMNS,
          row.method,
          number("%.4f", row.validation.mse),
          number("%.4f", row.validation.mae),
          number("%.4f", row.test.mse),
          number("%.4f", row.test.mae),
          row.test.coverage == null ? "-" : number("%.1f %%", 100 * row.test.coverage),
          row.chosen);
    }
    return text.toString();
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }
}
