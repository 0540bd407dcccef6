package dev.eddy.model.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a fit went through: the learning curve.
 *
 * @param rows in order
 */
public record History(List<Row> rows) {

  /** Keeps a copy. */
  public History {
    rows = List.copyOf(rows);
  }

  /**
   * One validation (or the end of one epoch, where there is no validation data).
   *
   * @param epoch whole epochs done
   * @param step steps done
   * @param trainLoss mean over the targets since the row before
   * @param validationLoss NaN where there is no validation data
   * @param metrics on the validation data, by name
   * @param rate learning rate of the last step
   * @param seconds since the beginning, over all resumptions: the one column that differs from run
   *     to run
   */
  public record Row(
      int epoch,
      long step,
      double trainLoss,
      double validationLoss,
      Map<String, Double> metrics,
      double rate,
      double seconds) {

    /** Keeps a sorted copy. */
    public Row {
      metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
    }
  }

  /** This history with one more row. */
  History with(Row row) {
    List<Row> more = new ArrayList<>(rows);
    more.add(row);
    return new History(more);
  }

  /** A header line and a line for each row; what is not a number is left empty. */
  public String toCsv() {
    List<String> names =
        rows.stream().flatMap(row -> row.metrics().keySet().stream()).distinct().sorted().toList();
    StringBuilder csv = new StringBuilder("epoch,step,train_loss,validation_loss");
    names.forEach(name -> csv.append(',').append(name));
    csv.append(",rate,seconds\n");
    for (Row row : rows) {
      csv.append(row.epoch()).append(',').append(row.step());
      csv.append(',').append(number(row.trainLoss()));
      csv.append(',').append(number(row.validationLoss()));
      for (String name : names) {
        csv.append(',').append(number(row.metrics().getOrDefault(name, Double.NaN)));
      }
      csv.append(',').append(number(row.rate()));
      csv.append(',').append(String.format(Locale.ROOT, "%.3f", row.seconds())).append('\n');
    }
    return csv.toString();
  }

  /** A list of objects with the columns of {@link #toCsv}; what is not a number is null. */
  public String toJson() {
    List<Map<String, Object>> list = new ArrayList<>();
    for (Row row : rows) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("epoch", row.epoch());
      object.put("step", row.step());
      object.put("train_loss", finite(row.trainLoss()));
      object.put("validation_loss", finite(row.validationLoss()));
      row.metrics().forEach((name, value) -> object.put(name, finite(value)));
      object.put("rate", row.rate());
      object.put("seconds", row.seconds());
      list.add(object);
    }
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(list);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers are always JSON", e);
    }
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private static String number(double value) {
    return Double.isFinite(value) ? Double.toString(value) : "";
  }
}
