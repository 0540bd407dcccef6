package dev.eddy.jobs.demo;

import dev.eddy.model.kernel.Rng;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Electricity meters that read every hour. A meter's load is
 *
 * <pre>level * exp(trend * weeks) * shape[hour of week] * exp(loading * weather + use + noise)
 * </pre>
 *
 * with a level anywhere within three orders of magnitude, a shape of homes, offices, workshops or
 * shops, a weather that all meters share and a use of the meter's own, both of which change over
 * days (so that neither yesterday nor last week is the best forecast), and a noise that lasts a few
 * hours. Meters fall silent for hours, some report nulls, a few readings come after newer ones of
 * the same meter, many come after newer ones of other meters, and now and then a record is garbage.
 *
 * <p>The same seed gives the same records in the same order. Records are made as they are asked
 * for.
 */
final class MeterSimulator implements Readings {
  private static final long HOUR = 3_600_000L;

  /** A Monday, 00:00 UTC. */
  private static final long START = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();

  /** A time stamp thousands of years from now. */
  private static final long FAR_AHEAD = 99_999_999_999_999L;

  private static final double OUTAGE = 1.0 / 1500;
  private static final double SLOW = 0.02;
  private static final double LATE = 0.002;
  private static final double MALFORMED = 0.0002;

  private final int historyHours;
  private final Outgoing.Fields fields;
  private final List<Meter> meters = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final Rng weatherRng;
  private final PriorityQueue<Arrival> queue =
      new PriorityQueue<>(
          Comparator.comparingDouble(Arrival::at).thenComparingLong(Arrival::sequence));
  private double weather;
  private long sequence;
  private int hour;
  private boolean historyRead;

  /** A record and when it reaches the broker, in hours since the start. */
  private record Arrival(double at, long sequence, Outgoing record) {}

  private static final class Meter {
    String name;
    double level;
    double trend;
    double loading;
    double[] shape;
    Rng rng;
    double noise;
    double use;
    int outageUntil;
    boolean nulls;
    double lastArrival = Double.NEGATIVE_INFINITY;
  }

  /**
   * Meters with a history.
   *
   * @param entities how many meters
   * @param historyHours hours of history
   * @param seed everything follows from it
   * @param fields what the fields of a record are called
   */
  MeterSimulator(int entities, int historyHours, long seed, Outgoing.Fields fields) {
    this.fields = fields;
    this.historyHours = historyHours;
    this.weatherRng = Rng.of(seed, 1, 0);
    int digits = Math.max(3, Integer.toString(entities).length());
    for (int i = 0; i < entities; i++) {
      Meter meter = meter(String.format("meter-%0" + digits + "d", i + 1), Rng.of(seed, 2, i));
      meters.add(meter);
      names.add(meter.name);
    }
  }

  @Override
  public List<String> entities() {
    return names;
  }

  @Override
  public long liveStart() {
    return START + historyHours * HOUR;
  }

  @Override
  public long remaining() {
    return Long.MAX_VALUE;
  }

  @Override
  public Outgoing nextHistory() {
    while (hour < historyHours && (queue.isEmpty() || queue.peek().at() >= hour)) {
      generate();
    }
    historyRead |= queue.isEmpty();
    return historyRead ? null : queue.poll().record();
  }

  @Override
  public Outgoing nextLive() {
    if (!historyRead) {
      throw new IllegalStateException("the history has not been read to its end");
    }
    // The queue is sure of what arrives before this hour: everything still to be made arrives after
    // it.
    while (queue.isEmpty() || queue.peek().at() >= hour) {
      generate();
    }
    return queue.poll().record();
  }

  /** Makes all readings of one hour and puts them where they arrive. */
  private void generate() {
    int h = hour++;
    weather = 0.995 * weather + 0.1 * weatherRng.nextGaussian();
    for (Meter meter : meters) {
      generate(meter, h);
    }
  }

  private void generate(Meter meter, int h) {
    Rng rng = meter.rng;
    meter.noise = 0.3 * meter.noise + 0.095 * rng.nextGaussian();
    meter.use = 0.99 * meter.use + 0.021 * rng.nextGaussian();
    double value =
        meter.level
            * meter.shape[h % 168]
            * StrictMath.exp(
                meter.trend * h / 168.0 + meter.loading * weather + meter.use + meter.noise);
    boolean outage = h < meter.outageUntil;
    if (!outage && rng.nextDouble() < OUTAGE) {
      meter.outageUntil = h + 2 + rng.nextInt(28);
      meter.nulls = rng.nextInt(3) == 0;
      outage = true;
    }
    double usual = h + 0.8 * rng.nextDouble();
    double fate = rng.nextDouble();
    double delay = 0.3 * rng.nextDouble();
    long time = START + h * HOUR;
    if (fate > 1 - MALFORMED) {
      arrive(usual, garbage(meter, time, rng));
    }
    if (outage && !meter.nulls) {
      return;
    }
    double reading = outage ? Double.NaN : Math.rint(value * 1000) / 1000;
    Outgoing record = Outgoing.reading(meter.name, time, reading);
    if (fate < LATE) {
      // After the meter's next reading, which arrives by h + 2.3 at the latest: late for whoever
      // goes by order.
      arrive(h + 2.5 + 10 * delay, record);
      return;
    }
    double at = fate < LATE + SLOW ? h + 1 + delay : usual;
    meter.lastArrival = Math.max(at, Math.nextUp(meter.lastArrival));
    arrive(meter.lastArrival, record);
  }

  private void arrive(double at, Outgoing record) {
    queue.add(new Arrival(at, sequence++, record));
  }

  private Outgoing garbage(Meter meter, long time, Rng rng) {
    String text =
        switch (rng.nextInt(5)) {
          case 0 -> fields.start(meter.name, time);
          case 1 -> fields.start(meter.name, time) + "}";
          case 2 -> fields.json(meter.name, time, "\"n/a\"");
          case 3 -> fields.json(meter.name, FAR_AHEAD, "1.0");
          default -> "\u0000\u0001 reset by peer";
        };
    return Outgoing.bad(meter.name, time, text);
  }

  private static Meter meter(String name, Rng rng) {
    Meter meter = new Meter();
    meter.name = name;
    meter.rng = rng;
    meter.level = StrictMath.pow(10, 3 * rng.nextDouble() - 0.5);
    meter.trend = 0.008 * rng.nextGaussian();
    meter.loading = 0.05 + 0.1 * rng.nextDouble();
    meter.shape = shape(rng);
    return meter;
  }

  /** Load by hour of the week, Monday first. */
  private static double[] shape(Rng rng) {
    int kind = rng.nextInt(4);
    double shift = 3 * rng.nextDouble() - 1.5;
    double swing = 0.7 + 0.6 * rng.nextDouble();
    double weekend = 0.7 + 0.6 * rng.nextDouble();
    double[] shape = new double[168];
    for (int i = 0; i < 168; i++) {
      int day = i / 24;
      double clock = i % 24 - shift;
      double active =
          switch (kind) {
            case 0 -> home(clock, day >= 5, weekend);
            case 1 -> day >= 5 ? 0.1 * weekend : between(clock, 8, 18);
            case 2 -> between(clock, 6, 22) * (day == 6 ? 0.1 : day == 5 ? 0.5 * weekend : 1);
            default -> day == 6 ? 0.05 : between(clock, 10, 20) * (day == 5 ? weekend * 1.2 : 1);
          };
      shape[i] = 0.35 + swing * active;
    }
    return shape;
  }

  private static double home(double clock, boolean weekend, double strength) {
    double evening = bump(clock, 19.5, 2.5);
    return weekend
        ? strength * (0.8 * bump(clock, 11, 3.5) + 0.9 * evening)
        : 0.55 * bump(clock, 7.5, 1.5) + evening;
  }

  /** A bell around an hour of the day; the day is a circle. */
  private static double bump(double clock, double centre, double width) {
    double away = Math.abs(clock - centre) % 24;
    double d = Math.min(away, 24 - away) / width;
    return StrictMath.exp(-0.5 * d * d);
  }

  /** About 1 between two hours, about 0 outside, with soft edges. */
  private static double between(double clock, double from, double to) {
    double hour = clock - 24 * Math.floor(clock / 24);
    return 1
        / ((1 + StrictMath.exp(-1.5 * (hour - from))) * (1 + StrictMath.exp(1.5 * (hour - to))));
  }
}
