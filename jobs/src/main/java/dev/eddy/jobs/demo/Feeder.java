package dev.eddy.jobs.demo;

import dev.eddy.jobs.config.PipelineConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes readings to the events topic with a plain producer: key is the entity, record time stamp
 * is the event time, acknowledged by all replicas, in order and without doubles. First the history,
 * then, on a thread of its own, the live part at a rate that may change, entered record by record
 * into the {@link Ledger}.
 *
 * <p>It never runs far ahead of the job: while too many records await their output it waits.
 */
final class Feeder implements AutoCloseable {
  private static final int MAX_OPEN = 20_000;
  private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final KafkaProducer<String, byte[]> producer;
  private final String topic;
  private final Outgoing.Fields fields;
  private final Readings readings;
  private final LiveSkill skill;
  private final Ledger ledger;
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final AtomicLong live = new AtomicLong();
  private final Map<Integer, Long> acknowledged = new HashMap<>();
  private final Thread thread = new Thread(this::feed, "demo-feeder");
  private volatile double rate;
  private volatile boolean stopping;
  private volatile boolean exhausted;

  /**
   * @param bootstrap the broker
   * @param source the events topic, and what the fields of its records are called
   * @param readings what to write
   * @param skill hears of every good record before it is sent
   * @param ledger hears of every live record once it is acknowledged
   */
  Feeder(
      String bootstrap,
      PipelineConfig.Source source,
      Readings readings,
      LiveSkill skill,
      Ledger ledger) {
    this.topic = source.topic();
    this.fields = new Outgoing.Fields(source.entity(), source.time().field(), source.value());
    this.readings = readings;
    this.skill = skill;
    this.ledger = ledger;
    Properties p = new Properties();
    p.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    p.put(ProducerConfig.ACKS_CONFIG, "all");
    p.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    p.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    p.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8L << 20);
    p.put(ProducerConfig.CLIENT_ID_CONFIG, "demo-feeder");
    this.producer = new KafkaProducer<>(p, new StringSerializer(), new ByteArraySerializer());
  }

  /**
   * Writes the whole history and waits until it is acknowledged.
   *
   * @param stop asked now and then; true ends it early
   * @return records by partition
   */
  Map<Integer, Long> history(java.util.function.BooleanSupplier stop) {
    for (Outgoing r = readings.nextHistory(); r != null; r = readings.nextHistory()) {
      send(
          r,
          (metadata, e) -> {
            if (noted(e)) {
              acknowledged.merge(metadata.partition(), 1L, Long::sum);
            }
          });
      if (stop.getAsBoolean() || failure.get() != null) {
        break;
      }
    }
    producer.flush();
    check();
    return Map.copyOf(acknowledged);
  }

  /** Starts the live part at a rate in records per second; 0 is as fast as the job takes them. */
  void start(double firstRate) {
    rate = firstRate;
    thread.start();
  }

  /** Changes the rate. */
  void rate(double newRate) {
    rate = newRate;
  }

  /**
   * Stops the live part and waits until everything sent is acknowledged; fails if something was
   * not, or could not be entered into the accounts.
   */
  void stop() throws InterruptedException {
    stopping = true;
    LockSupport.unpark(thread);
    thread.join();
    producer.flush();
    check();
  }

  /** Live records handed to the producer. */
  long live() {
    return live.get();
  }

  /** Whether the file is at its end. */
  boolean exhausted() {
    return exhausted;
  }

  /** Fails if a record could not be written. */
  void check() {
    Exception e = failure.get();
    if (e != null) {
      throw new IllegalStateException(
          "the demo's feeder failed at " + topic + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    stopping = true;
    LockSupport.unpark(thread);
    producer.close(java.time.Duration.ofSeconds(2));
  }

  private void feed() {
    try {
      long next = System.nanoTime();
      while (!stopping && failure.get() == null) {
        long now = System.nanoTime();
        double perSecond = rate;
        if (perSecond > 0 && next > now) {
          LockSupport.parkNanos(next - now);
          continue;
        }
        if (ledger.sent() - ledger.settled() > MAX_OPEN) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
          continue;
        }
        Outgoing record = readings.nextLive();
        if (record == null) {
          exhausted = true;
          return;
        }
        // A feeder that was held up catches up a little, not all at once.
        next = Math.max(next, now - BURST_NANOS) + (perSecond > 0 ? (long) (1e9 / perSecond) : 0);
        sendLive(record);
      }
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }

  private void sendLive(Outgoing record) {
    long start = System.nanoTime();
    live.incrementAndGet();
    send(
        record,
        (metadata, e) -> {
          if (noted(e)) {
            ledger.sent(metadata.partition(), metadata.offset(), start);
          }
        });
  }

  private interface Acknowledged {
    void by(RecordMetadata metadata, Exception e);
  }

  private void send(Outgoing r, Acknowledged then) {
    if (r.good()) {
      skill.sending(r.entity(), r.time(), r.value());
    }
    // The callback hears of the end of it.
    var unused =
        producer.send(
            new ProducerRecord<>(topic, null, r.time(), r.entity(), r.payload(fields)),
            (metadata, e) -> hear(then, metadata, e));
  }

  /**
   * What goes wrong in a callback the producer only logs; accounts must not be wrong in silence.
   */
  private void hear(Acknowledged then, RecordMetadata metadata, Exception e) {
    try {
      then.by(metadata, e);
    } catch (RuntimeException broken) {
      failure.compareAndSet(null, broken);
    }
  }

  private boolean noted(Exception e) {
    if (e != null) {
      failure.compareAndSet(null, e);
    }
    return e == null;
  }
}
