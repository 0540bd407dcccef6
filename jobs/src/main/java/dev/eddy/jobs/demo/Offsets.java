package dev.eddy.jobs.demo;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Asks the broker where things stand in a topic. */
final class Offsets {
  private Offsets() {}

  /**
   * Opens the accounts at the offset from which a job reads that starts at an instant, and enters
   * what is there already.
   *
   * @param acknowledged records written to each partition so far
   * @return how many of them the job reads
   */
  static long open(
      Ledger ledger, String bootstrap, String topic, long instant, Map<Integer, Long> acknowledged)
      throws InterruptedException {
    long total = 0;
    Map<TopicPartition, OffsetSpec> first = new HashMap<>();
    Map<TopicPartition, OffsetSpec> end = new HashMap<>();
    for (int p = 0; p < Stage.PARTITIONS; p++) {
      first.put(new TopicPartition(topic, p), OffsetSpec.forTimestamp(instant));
      end.put(new TopicPartition(topic, p), OffsetSpec.latest());
    }
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap))) {
      Map<TopicPartition, ListOffsetsResultInfo> firsts = admin.listOffsets(first).all().get();
      Map<TopicPartition, ListOffsetsResultInfo> ends = admin.listOffsets(end).all().get();
      for (TopicPartition partition : first.keySet()) {
        long to = ends.get(partition).offset();
        long written = acknowledged.getOrDefault(partition.partition(), 0L);
        if (to != written) {
          throw new IllegalStateException(
              partition + " holds " + to + " records after " + written + " were acknowledged");
        }
        // No record at or after the instant: the job starts at the end.
        long from = firsts.get(partition).offset() < 0 ? to : firsts.get(partition).offset();
        ledger.open(partition.partition(), from);
        for (long offset = from; offset < to; offset++) {
          ledger.sent(partition.partition(), offset, Ledger.NOT_TIMED);
        }
        total += to - from;
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot ask for the offsets of " + topic, e.getCause());
    }
    return total;
  }
}
