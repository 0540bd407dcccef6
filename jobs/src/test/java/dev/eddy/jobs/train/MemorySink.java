package dev.eddy.jobs.train;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * Keeps what is written to it in this JVM, at least once. (Flink's own collecting sink hangs when
 * its task is cancelled while it initialises.)
 *
 * @param id names the list
 */
record MemorySink(String id) implements Sink<TrainingRecord> {
  private static final Map<String, List<TrainingRecord>> WRITTEN = new ConcurrentHashMap<>();

  List<TrainingRecord> written() {
    return WRITTEN.computeIfAbsent(id, name -> new CopyOnWriteArrayList<>());
  }

  @Override
  public SinkWriter<TrainingRecord> createWriter(WriterInitContext context) {
    List<TrainingRecord> list = written();
    return new SinkWriter<>() {
      @Override
      public void write(TrainingRecord element, Context where) {
        list.add(element);
      }

      @Override
      public void flush(boolean endOfInput) {}

      @Override
      public void close() {}
    };
  }
}
