package dev.eddy.model.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final History HISTORY =
      new History(
          List.of(
              new History.Row(0, 10, 1.5, Double.NaN, Map.of(), 0.1, 0.25),
              new History.Row(1, 20, 0.5, 0.75, Map.of("f1", 0.5, "accuracy", 0.25), 0.01, 1)));

  @Test
  void writesCsv() {
    assertThat(HISTORY.toCsv())
        .isEqualTo(
            """
            epoch,step,train_loss,validation_loss,accuracy,f1,rate,seconds
            0,10,1.5,,,,0.1,0.250
            1,20,0.5,0.75,0.25,0.5,0.01,1.000
            """);
  }

  @Test
  void writesJson() throws Exception {
    JsonNode json = new ObjectMapper().readTree(HISTORY.toJson());
    assertThat(json).hasSize(2);
    assertThat(json.get(0).get("validation_loss").isNull()).isTrue();
    assertThat(json.get(1).get("accuracy").doubleValue()).isEqualTo(0.25);
    assertThat(json.get(1).get("step").intValue()).isEqualTo(20);
  }
}
