package dev.eddy.benchmarks.run;

import dev.eddy.benchmarks.work.Sample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** All contestants of a row in fresh processes, taking turns. */
final class Sitting {
  private Sitting() {}

  /** Runs one; each contestant's samples of the rounds that count. */
  static Map<Contestant, List<Sample>> run(Row row, boolean peers, Plan plan, Path folder) {
    List<Contestant> all = row.contestants(peers);
    Map<Contestant, Worker> workers = new EnumMap<>(Contestant.class);
    Map<Contestant, List<Sample>> samples = new EnumMap<>(Contestant.class);
    try {
      for (Contestant who : all) {
        Worker worker = Worker.start(row, who, plan, folder);
        workers.put(who, worker);
        if (row.threads() > 1) {
          worker.ready(); // threads that wait for one another by spinning need all cores
        }
        samples.put(who, new ArrayList<>());
      }
      for (int round = 0; round < plan.warmups() + plan.rounds(); round++) {
        for (int i = 0; i < all.size(); i++) {
          Contestant who = all.get((round + i) % all.size());
          Sample sample = workers.get(who).turn();
          if (round >= plan.warmups()) {
            samples.get(who).add(sample);
          }
        }
      }
      return samples;
    } finally {
      workers.values().forEach(Worker::close);
    }
  }
}
