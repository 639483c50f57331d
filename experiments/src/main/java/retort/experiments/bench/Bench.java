package retort.experiments.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import retort.experiments.CodeVersion;
import retort.experiments.Failure;
import retort.experiments.Machine;
import retort.experiments.bench.Report.Ruler;
import retort.experiments.run.Json;
import retort.experiments.terminal.Table;

/// How fast everything is on this machine: beside the machine's own peak, and with `--peers` beside
/// other software in the same process.
@Command(
    name = "bench",
    description = "Measure every kernel and whole training steps on this machine.")
public final class Bench implements Callable<Integer> {
  @Option(
      names = "--threads",
      split = ",",
      paramLabel = "N",
      description = "Numbers of threads to measure with; 1 and all processors unless given.")
  private List<Integer> threads;

  @Option(
      names = "--only",
      paramLabel = "REGEX",
      description = "Measure only what has this in its name, for example 'sgemm|conv 3x3'.")
  private Pattern only;

  @Option(names = "--rounds", paramLabel = "N", description = "Undisturbed rounds to measure.")
  private Integer rounds;

  @Option(names = "--quick", description = "Short samples and few rounds, for a look.")
  private boolean quick;

  @Option(
      names = "--peers",
      description =
          "Measure OpenBLAS and PyTorch too (fetched from Maven Central the first time), and check"
              + " that all come to the same results.")
  private boolean peers;

  @Option(
      names = "--profile",
      description = "Instead: show how much of each whole step every verb takes.")
  private boolean profile;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the figures to a file, each as it is taken.")
  private Path json;

  @Option(
      names = "--resume",
      description = "Keep the figures that the file of --json has, and take the others.")
  private boolean resume;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "cpu",
      description = "The device to measure; ${DEFAULT-VALUE} unless given.")
  private String device;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "Measure nothing: put the figures of a --json file into the document.")
  private Path markdown;

  @Option(
      names = "--document",
      paramLabel = "FILE",
      defaultValue = "docs/performance.md",
      description = "The document of --markdown; ${DEFAULT-VALUE} unless given.")
  private Path document;

  @Spec private CommandSpec spec;

  /// The command line makes one.
  public Bench() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (markdown != null) {
      PerformancePage.update(document, Json.parse(Files.readString(markdown), Report.class));
      out.println("put the figures of " + markdown + " into " + document);
      return 0;
    }
    if (profile) {
      List<StepWork> steps =
          works().stream().filter(w -> w instanceof StepWork).map(w -> (StepWork) w).toList();
      var progress = new ProgressLine(spec.commandLine().getErr());
      for (int n : threadCounts()) new Profile(progress::show).print(steps, n, out);
      return 0;
    }
    Report report = measure();
    out.println(table(report));
    for (Ruler r : report.rulers()) out.println(describe(r));
    out.flush();
    return 0;
  }

  private Report measure() {
    List<Work> works = works();
    List<Integer> counts = threadCounts();
    Pace pace = quick ? Pace.QUICK : Pace.THOROUGH;
    if (rounds != null) pace = pace.withRounds(positive("--rounds", rounds));
    List<Peer> beside = peers ? findPeers() : List.of();
    var progress = new ProgressLine(spec.commandLine().getErr());
    var benchmark = new Benchmark(device, beside, pace, progress::show);
    Journal journal = journal(beside);
    for (int n : counts) {
      List<Work> left = works.stream().filter(w -> !journal.report().holds(w.name(), n)).toList();
      benchmark.measure(left, ruler(n, journal, progress), journal::add);
    }
    progress.clear();
    return journal.report();
  }

  private Journal journal(List<Peer> beside) {
    Machine m = Machine.current();
    Report empty =
        new Report(
            CodeVersion.current().toString(),
            OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS).toString(),
            m.cpu(),
            m.cores(),
            m.os(),
            m.jvm(),
            device,
            beside.stream().map(Peer::name).toList(),
            List.of(),
            List.of());
    if (!resume) return Journal.begin(json, empty);
    if (json != null) return Journal.resume(json, empty);
    throw new ParameterException(spec.commandLine(), "--resume wants the file: --json FILE");
  }

  private Ruler ruler(int threads, Journal journal, ProgressLine progress) {
    if (!device.equals("cpu")) return Ruler.unmeasured(threads);
    Optional<Ruler> known = journal.report().ruler(threads);
    if (known.isPresent()) return known.get();
    progress.show("the machine's peak, " + Report.threads(threads));
    Ruler ruler = Ruler.measure(threads);
    journal.add(ruler);
    return ruler;
  }

  private List<Work> works() {
    List<Work> works = Catalogue.of(device);
    if (only == null) return works;
    List<Work> chosen = works.stream().filter(w -> only.matcher(w.name()).find()).toList();
    if (!chosen.isEmpty()) return chosen;
    throw new ParameterException(
        spec.commandLine(),
        "--only '"
            + only
            + "' is in none of the "
            + works.size()
            + " names, such as '"
            + works.getFirst().name()
            + "' or '"
            + works.getLast().name()
            + "'");
  }

  private List<Integer> threadCounts() {
    int all = Runtime.getRuntime().availableProcessors();
    if (!device.equals("cpu")) return List.of(all);
    if (threads == null) return all == 1 ? List.of(1) : List.of(1, all);
    for (int n : threads) positive("--threads", n);
    return threads;
  }

  private int positive(String option, int n) {
    if (n >= 1) return n;
    throw new ParameterException(spec.commandLine(), option + " wants at least 1, got " + n);
  }

  private static List<Peer> findPeers() {
    List<Peer> found =
        ServiceLoader.load(Peer.class).stream().map(ServiceLoader.Provider::get).toList();
    if (!found.isEmpty()) return found;
    throw new Failure(
        "no peers are on the class path",
        "bench --peers",
        "start it as ./retort bench --peers: the launcher fetches and adds them");
  }

  private static Table table(Report report) {
    boolean compared = !report.peers().isEmpty();
    Table table =
        compared
            ? new Table("work", "threads", "ours", "theirs", "unit", "ratio", "of peak", "peer")
            : new Table("work", "threads", "ours", "unit", "of peak");
    for (Row r : report.rows()) {
      // A tilde: too few undisturbed rounds, so these figures are no more than a hint.
      String ours = number(r.ours()) + (r.undisturbed() < Rounds.ENOUGH ? " ~" : "");
      String peak = r.ofPeak() == null ? "-" : String.format(Locale.ROOT, "%.2f", r.ofPeak());
      if (!compared) {
        table.row(r.name(), r.threads(), ours, r.unit(), peak);
      } else if (r.ratio() == null) {
        table.row(r.name(), r.threads(), ours, "-", r.unit(), "-", peak, "-");
      } else {
        String ratio = String.format(Locale.ROOT, "%.2f", r.ratio());
        table.row(r.name(), r.threads(), ours, number(r.theirs()), r.unit(), ratio, peak, r.peer());
      }
    }
    return table;
  }

  private static String number(double speed) {
    return String.format(Locale.ROOT, speed < 100 ? "%.1f" : "%.0f", speed);
  }

  private static String describe(Ruler r) {
    return String.format(
        Locale.ROOT,
        "peak of this machine, %s: %.1f GFLOP/s (multiply-adds on registers), %.1f GB/s"
            + " (copying)",
        Report.threads(r.threads()),
        r.gflops(),
        r.gigabytes());
  }
}
