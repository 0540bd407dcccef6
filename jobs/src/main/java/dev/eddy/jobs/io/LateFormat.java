package dev.eddy.jobs.io;

/**
 * Records of the late topic: the event, the time that had been reached when it came, and where it
 * stood.
 *
 * <pre>
 *   {"entity":"m1","time":1700000000000,"value":1.5,"lastTime":1700003600000,
 *    "input":{"topic":"load.events","partition":0,"offset":42}}
 * </pre>
 */
public final class LateFormat {
  private LateFormat() {}

  /** A record's value. A missing reading is null. */
  public static byte[] write(LateEvent late) {
    Parsed.Event event = late.event();
    return OutputJson.write(
        192,
        json -> {
          json.writeStringField("entity", event.entity());
          json.writeNumberField("time", event.time());
          OutputJson.number(json, "value", event.value());
          json.writeNumberField("lastTime", late.lastTime());
          OutputJson.position(json, event.position());
        });
  }
}
