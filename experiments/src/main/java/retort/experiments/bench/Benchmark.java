package retort.experiments.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import retort.experiments.bench.Report.Ruler;
import retort.tensor.Device;

/// Measures works one after another: ours, and beside it every peer's way of doing the same.
final class Benchmark {
  private final String device;
  private final List<Peer> peers;
  private final Pace pace;
  private final Consumer<String> progress;

  Benchmark(String device, List<Peer> peers, Pace pace, Consumer<String> progress) {
    this.device = device;
    this.peers = peers;
    this.pace = pace;
    this.progress = progress;
  }

  /// @param ruler the machine's peak on as many threads as ours and the peers may use
  /// @param done what to do with each figure
  void measure(List<Work> works, Ruler ruler, Consumer<Row> done) {
    int threads = ruler.threads();
    for (Peer peer : peers) peer.threads(threads);
    Rounds rounds = new Rounds(threads, pace);
    int at = 0;
    Map<Family, Device> devices = new LinkedHashMap<>();
    for (Work work : works) {
      progress.accept(
          String.format("%d/%d  %s, %s", ++at, works.size(), work.name(), Report.threads(threads)));
      // A device keeps the buffers it once made, and knows its peak: kernels of a family share one,
      // so that those of another can go; a whole step has one of its own.
      if (work instanceof StepWork || !devices.containsKey(work.family())) devices.clear();
      Device on = devices.computeIfAbsent(work.family(), f -> Device.of(device, threads));
      done.accept(row(work, on, rounds, ruler));
    }
  }

  private Row row(Work work, Device on, Rounds rounds, Ruler ruler) {
    List<Contender> contenders = new ArrayList<>();
    try {
      Ours ours = Ours.of(work, on);
      contenders.add(ours);
      for (Peer p : peers) contenders.addAll(p.contenders(work, ours.inputs()));
      Memory memory = agree(work, ours, contenders);
      return row(work, contenders, rounds.run(work, contenders), ruler, memory);
    } finally {
      contenders.forEach(Contender::close);
    }
  }

  /// Peak bytes of a whole step; null where nobody can tell.
  private record Memory(Long ours, Long theirs) {
    static Double mebibytes(Long bytes) {
      return bytes == null ? null : bytes / (double) (1 << 20);
    }
  }

  /// Checks that all come to the same results.
  private Memory agree(Work work, Ours ours, List<Contender> contenders) {
    boolean step = work instanceof StepWork;
    if (contenders.size() == 1 && !step) return new Memory(null, null);
    float[][] right = ours.results();
    Long most = step ? ours.peakBytes() : null, least = null;
    for (Contender peer : contenders.subList(1, contenders.size())) {
      for (Peer p : peers) p.trim();
      float[][][] theirs = new float[1][][];
      Long grown = Resident.peakOf(() -> theirs[0] = peer.results());
      Agreement.check(work.name(), peer.name(), right, theirs[0]);
      if (!step || grown == null) continue;
      for (float[] array : ours.inputs()) grown += 4L * array.length;
      least = least == null ? grown : Math.min(least, grown);
    }
    return new Memory(most, least);
  }

  private static Row row(
      Work work, List<Contender> contenders, Rounds.Outcome outcome, Ruler ruler, Memory memory) {
    Family.Unit unit = work.family().unit();
    double ours = unit.speed(work.amount(), outcome.seconds()[0]);
    Map<String, Double> peers = new LinkedHashMap<>();
    String best = null;
    for (int i = 1; i < contenders.size(); i++) {
      String name = contenders.get(i).name();
      peers.put(name, unit.speed(work.amount(), outcome.seconds()[i]));
      if (best == null || peers.get(name) > peers.get(best)) best = name;
    }
    Double theirs = best == null ? null : peers.get(best), peak = ruler.in(unit);
    return new Row(
        work.name(),
        work.family(),
        ruler.threads(),
        ours,
        theirs,
        unit.label(),
        theirs == null ? null : ours / theirs,
        peak == null ? null : ours / peak,
        best,
        best == null ? null : peers,
        Memory.mebibytes(memory.ours()),
        Memory.mebibytes(memory.theirs()),
        outcome.rounds(),
        outcome.undisturbed());
  }
}
