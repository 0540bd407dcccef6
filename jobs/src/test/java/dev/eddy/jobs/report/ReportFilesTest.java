package dev.eddy.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.jobs.train.RoundReport;
import dev.eddy.jobs.train.RunHeader;
import dev.eddy.jobs.train.TrainResult;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXParseException;

class ReportFilesTest {
  private static final String EVIL = "<script>alert(\"1\")</script>' onload='x&\u202e\u0000";

  @TempDir private Path folder;

  private Document page;
  private JsonNode json;

  private void write(TrainingReport report) throws Exception {
    Path html = ReportFiles.write(report, folder.resolve("a").resolve("b"));
    assertThat(html).hasFileName("report.html");
    page = parse(Files.readString(html));
    json = new ObjectMapper().readTree(html.resolveSibling("report.json").toFile());
  }

  /** The page is written so that XML's strict reader takes it too. */
  private static Document parse(String html) throws Exception {
    DocumentBuilder reader = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    reader.setErrorHandler(new Strict());
    return reader.parse(new InputSource(new StringReader(html)));
  }

  private String text() {
    return page.getDocumentElement().getElementsByTagName("main").item(0).getTextContent();
  }

  @Test
  void theShapeOfTheJson() throws Exception {
    write(SampleRun.log("load", 3, 1).ended(SampleRun.result(true), SampleRun.END));
    TreeSet<String> paths = new TreeSet<>();
    paths("", json, paths);
    assertThat(String.join("\n", paths))
        .isEqualToIgnoringNewLines(
            """
            configuration.name: string
            configuration.training.margin: string
            configuration.training.shards: string
            data.data.hash: string
            ended: string
            format: number
            gate.metrics.coverage@90: number
            gate.metrics.mase-last: number
            gate.metrics.mase-live: number
            gate.metrics.mase-naive-168: number
            gate.metrics.mase-naive-24: number
            gate.metrics.mase: number
            gate.metrics.pinball: number
            incumbent.version: string
            model.bestRound: number
            model.published: boolean
            model.swapEpoch: number
            model.version: number
            outcome: string
            pipeline: string
            places[].host: string
            places[].kernels: string
            places[].slot: number
            reason: string
            rounds.best.round: number
            rounds.best.validationLoss: number
            rounds.made: number
            rounds.perPoint: number
            rounds.planned: number
            rounds.points[].compute: number
            rounds.points[].dropped: number
            rounds.points[].first: number
            rounds.points[].idle: number
            rounds.points[].last: number
            rounds.points[].loss: null
            rounds.points[].loss: number
            rounds.points[].rounds: number
            rounds.points[].samples: number
            rounds.points[].scored: number
            rounds.points[].seconds: number
            rounds.points[].slots[].compute: number
            rounds.points[].slots[].idle: number
            rounds.points[].slots[].transfer: number
            rounds.points[].stage: string
            rounds.points[].transfer: number
            rounds.points[].validationLoss: number
            rounds.samples: number
            rounds.samplesPerSecond: number
            rounds.seconds: number
            run: string
            seconds: number
            shards[].dropped: number
            shards[].firstLoss: number
            shards[].lastLoss: number
            shards[].samples: number
            shards[].seconds: number
            shards[].shard: number
            shards[].slot: number
            slots[].compute: number
            slots[].idle: number
            slots[].slot: number
            slots[].transfer: number
            started: string
            time.compute: number
            time.idle: number
            time.transfer: number
            versions.eddy: string
            """);
    assertThat(json.at("/outcome").asText()).isEqualTo("published");
    assertThat(json.at("/seconds").asDouble()).isEqualTo(95);
    assertThat(json.at("/rounds/points")).hasSize(4);
  }

  @Test
  void theDocumentationNamesEveryField() throws Exception {
    write(SampleRun.log("load", 3, 1).ended(SampleRun.result(true), SampleRun.END));
    String docs = Files.readString(Path.of("..", "docs", "operations.md"));
    json.fieldNames().forEachRemaining(name -> assertThat(docs).contains("`" + name + "`"));
    List.of("rounds", "slots", "shards", "places")
        .forEach(
            part -> {
              JsonNode one = json.get(part).isArray() ? json.get(part).get(0) : json.get(part);
              one.fieldNames()
                  .forEachRemaining(name -> assertThat(docs).contains("`" + name + "`"));
            });
    json.at("/rounds/points/0")
        .fieldNames()
        .forEachRemaining(name -> assertThat(docs).contains("`" + name + "`"));
  }

  @Test
  void thePageSaysWhetherTheModelIsBetterAndWhere() throws Exception {
    write(SampleRun.log("load", 24, 2).ended(SampleRun.result(true), SampleRun.END));
    assertThat(text())
        .contains("load", "version 7 published")
        .contains("24.7 % lower than the best baseline’s (naive, 168 steps back)")
        .contains("3.8 % lower than the live model’s")
        .contains("best: round 17")
        .contains("computing")
        .contains("slot 1", "shard 7")
        .contains("data.hash", "9a41", "training.margin", "host-a, vector");
    write(SampleRun.log("load", 24, 2).ended(SampleRun.result(false), SampleRun.END));
    assertThat(text())
        .contains("version 7 refused", "what was live stays live")
        .contains("2.5 % higher than the best baseline’s")
        .contains("refused: MASE 0.9100");
  }

  @Test
  void thePageStandsAloneAndFitsAPhone() throws Exception {
    write(SampleRun.log("load", 24, 2).ended(SampleRun.result(true), SampleRun.END));
    String html = Files.readString(folder.resolve("a").resolve("b").resolve("report.html"));
    assertThat(html)
        .startsWith("<!DOCTYPE html>")
        .contains("width=device-width", "prefers-color-scheme: dark", "@media print")
        .doesNotContain("http:", "https:", "src=", "@import", "url(", "<script", "<link");
  }

  @Test
  void namesFromOutsideStayText() throws Exception {
    RunHeader facts =
        new RunHeader(
            EVIL,
            EVIL,
            0,
            Map.of(EVIL, EVIL),
            Map.of("entity", EVIL),
            Map.of("version", EVIL),
            Map.of("eddy", EVIL),
            List.of(new RunHeader.Slot(0, EVIL, EVIL)));
    RunLog log = new RunLog(facts);
    log.round(SampleRun.round(EVIL, 1, 2, 10));
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(EVIL, 1.0);
    metrics.put(EVIL + "-" + EVIL, 2.0);
    metrics.put("other" + EVIL, 2.0);
    write(
        log.ended(
            new TrainResult(true, 1, 1, EVIL, metrics, 1, 1, 1, Double.NaN, 0), SampleRun.END));
    assertThat(page.getElementsByTagName("script").getLength()).isZero();
    assertThat(text()).contains("<script>alert(\"1\")</script>' onload='x&\ufffd\ufffd");
    assertThat(json.at("/pipeline").asText()).isEqualTo(EVIL);
    write(log.ended(Outcome.FAILED, EVIL, SampleRun.END));
    assertThat(page.getElementsByTagName("script").getLength()).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILED", "CANCELLED", "UNFINISHED"})
  void aRunWithoutAResultGivesWhatThereIs(Outcome outcome) throws Exception {
    write(SampleRun.log("load", 3, 2).ended(outcome, "the broker went away", SampleRun.END));
    assertThat(text())
        .contains("after 3 rounds", "the broker went away", "lowest validation loss so far")
        .contains(outcome.word());
    assertThat(json.at("/outcome").asText()).isEqualTo(outcome.word());
    assertThat(json.at("/model").isNull()).isTrue();
    assertThat(json.at("/gate").isNull()).isTrue();

    RunLog empty = new RunLog(SampleRun.header("load"));
    write(empty.ended(outcome, "no slots", SampleRun.END));
    assertThat(text()).contains("before the first round", "no slots");
    assertThat(json.at("/rounds/points")).isEmpty();
    assertThat(json.at("/rounds/samplesPerSecond").isNull()).isTrue();
  }

  @Test
  void whatIsNotANumberIsNullAndADash() throws Exception {
    RunLog log = new RunLog(SampleRun.header("load"));
    double nan = Double.NaN;
    log.round(
        new RoundReport(
            "train",
            1,
            nan,
            Double.POSITIVE_INFINITY,
            10,
            nan,
            List.of(new RoundReport.Slot(0, nan, nan, nan)),
            List.of(new RoundReport.Shard(0, 0, 10, nan, nan)),
            List.of()));
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("mase", nan);
    metrics.put("mase-last", Double.POSITIVE_INFINITY);
    metrics.put("mase-live", nan);
    write(
        log.ended(
            new TrainResult(false, 1, 1, "refused", metrics, 1, 0, 10, nan, 0), SampleRun.END));
    assertThat(text()).contains("–").doesNotContain("NaN", "Infinity");
    assertThat(json.at("/gate/metrics/mase").isNull()).isTrue();
    assertThat(json.at("/rounds/points/0/loss").isNull()).isTrue();
    assertThat(json.at("/rounds/points/0/validationLoss").isNull()).isTrue();
    assertThat(json.toString()).doesNotContain("NaN", "Infinity");
  }

  @Test
  void theSizeHasABound() throws Exception {
    write(SampleRun.log("load", 5000, 64).ended(SampleRun.result(true), SampleRun.END));
    Path files = folder.resolve("a").resolve("b");
    assertThat(Files.size(files.resolve("report.html"))).isLessThan(150_000);
    assertThat(Files.size(files.resolve("report.json"))).isLessThan(400_000);
    assertThat(text()).contains("shown as one", "The 16 shards of 256 with the highest loss");
    assertThat(json.at("/shards")).hasSize(256);
  }

  private static void paths(String at, JsonNode node, TreeSet<String> into) {
    if (node.isObject()) {
      node.fields()
          .forEachRemaining(
              field ->
                  paths(
                      at.isEmpty() ? field.getKey() : at + "." + field.getKey(),
                      field.getValue(),
                      into));
    } else if (node.isArray()) {
      node.forEach(one -> paths(at + "[]", one, into));
    } else {
      into.add(at + ": " + node.getNodeType().name().toLowerCase(java.util.Locale.ROOT));
    }
  }

  private static final class Strict implements ErrorHandler {
    @Override
    public void warning(SAXParseException e) throws SAXParseException {
      throw e;
    }

    @Override
    public void error(SAXParseException e) throws SAXParseException {
      throw e;
    }

    @Override
    public void fatalError(SAXParseException e) throws SAXParseException {
      throw e;
    }
  }
}
