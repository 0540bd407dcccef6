package dev.eddy.jobs.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.io.Prediction;
import dev.eddy.jobs.io.PredictionFormat;
import dev.eddy.jobs.io.ScoreFormat;
import dev.eddy.model.task.forecast.Forecast;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads what the forecasting job committed, as any other consumer would: predictions, scores, late
 * output and dead letters. Every prediction, late record and dead letter closes an account in the
 * {@link Ledger}; predictions go to {@link LiveSkill}, scores to {@link JobScores}. One thread.
 */
final class OutputReader implements AutoCloseable {
  private final PipelineConfig config;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Ledger ledger;
  private final LiveSkill skill;
  private final JobScores scores;
  private final Latencies latencies = new Latencies();
  private final ObjectMapper mapper = new ObjectMapper();
  private final AtomicLong late = new AtomicLong();
  private final AtomicLong deadLetters = new AtomicLong();
  private final AtomicLong firstForecast = new AtomicLong(Long.MIN_VALUE);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::read, "demo-reader");
  private final PredictionFormat format;
  private final int levels;
  private final int median;
  private volatile boolean stopping;

  /**
   * @param config names the topics and the outermost quantiles
   * @param partitions of each output topic
   */
  OutputReader(
      PipelineConfig config, int partitions, Ledger ledger, LiveSkill skill, JobScores scores) {
    this.config = config;
    this.ledger = ledger;
    this.skill = skill;
    this.scores = scores;
    this.format = new PredictionFormat(config.forecast());
    this.levels = config.forecast().quantiles().length;
    this.median = Arrays.binarySearch(config.forecast().quantiles(), 0.5);
    Properties p = new Properties();
    p.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, config.kafka().bootstrap());
    p.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    p.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    p.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    p.put(ConsumerConfig.CLIENT_ID_CONFIG, "demo-reader");
    this.consumer =
        new KafkaConsumer<>(p, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> all = new ArrayList<>();
    for (String kind : List.of("predictions", "scores", "late", "dead-letters")) {
      for (int i = 0; i < partitions; i++) {
        all.add(new TopicPartition(config.topic(kind), i));
      }
    }
    consumer.assign(all);
    consumer.seekToBeginning(all);
  }

  /** Starts reading. */
  void start() {
    thread.start();
  }

  /** Records of the late output. */
  long late() {
    return late.get();
  }

  /** Dead letters. */
  long deadLetters() {
    return deadLetters.get();
  }

  /** From sending a live record until its output was committed and read. */
  Latencies latencies() {
    return latencies;
  }

  /** System.nanoTime of the first forecast that is not warm-up; Long.MIN_VALUE before it. */
  long firstForecast() {
    return firstForecast.get();
  }

  /** Fails if an output could not be read. */
  void check() {
    Throwable e = failure.get();
    if (e != null) {
      throw new IllegalStateException(
          "the demo cannot read the job's output: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    stopping = true;
    consumer.wakeup();
    try {
      if (thread.isAlive()) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(2)));
  }

  private void read() {
    String predictions = config.topic("predictions");
    String scoresTopic = config.topic("scores");
    String lateTopic = config.topic("late");
    try {
      while (!stopping) {
        for (ConsumerRecord<byte[], byte[]> r : consumer.poll(Duration.ofMillis(100))) {
          if (r.topic().equals(predictions)) {
            prediction(format.read(r.value()));
          } else if (r.topic().equals(scoresTopic)) {
            scores.add(ScoreFormat.read(r.value()).score());
          } else if (r.topic().equals(lateTopic)) {
            late.incrementAndGet();
            settle(mapper.readTree(r.value()).path("input"));
          } else {
            deadLetters.incrementAndGet();
            settleDeadLetter(r);
          }
        }
      }
    } catch (org.apache.kafka.common.errors.WakeupException e) {
      // Asked to stop.
    } catch (IOException | RuntimeException | Error e) { // a dead reader finds no doubles
      failure.compareAndSet(null, e);
    }
  }

  private void prediction(Prediction prediction) {
    Outlook outlook = outlook(prediction);
    settle(prediction.input().partition(), prediction.input().offset());
    skill.forecast(outlook);
    if (!outlook.warmup()) {
      firstForecast.compareAndSet(Long.MIN_VALUE, System.nanoTime());
    }
  }

  private Outlook outlook(Prediction prediction) {
    Forecast forecast = prediction.forecast();
    float[] quantiles = forecast.quantiles();
    float[] bands = new float[quantiles.length / levels * 3];
    for (int h = 0; h < bands.length / 3; h++) {
      bands[3 * h] = quantiles[h * levels];
      bands[3 * h + 1] = quantiles[h * levels + median];
      bands[3 * h + 2] = quantiles[h * levels + levels - 1];
    }
    return new Outlook(
        prediction.entity(),
        forecast.origin(),
        forecast.warmup(),
        forecast.modelVersion(),
        forecast.swapEpoch(),
        bands);
  }

  private void settle(JsonNode input) {
    settle(input.path("partition").asInt(-1), input.path("offset").asLong(-1));
  }

  private void settle(int partition, long offset) {
    long sent = ledger.seen(partition, offset);
    if (sent != Ledger.NOT_TIMED) {
      latencies.add(System.nanoTime() - sent);
    }
  }

  private void settleDeadLetter(ConsumerRecord<byte[], byte[]> r) {
    settle((int) number(r, "partition"), number(r, "offset"));
  }

  private static long number(ConsumerRecord<byte[], byte[]> r, String header) {
    Header found = r.headers().lastHeader(header);
    return found == null ? -1 : Long.parseLong(new String(found.value(), StandardCharsets.UTF_8));
  }
}
