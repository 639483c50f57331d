package retort.experiments.run;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import retort.experiments.CodeVersion;
import retort.experiments.Failure;
import retort.experiments.Machine;

/// Where a run's numbers come from: everything needed to make them again.
///
/// @param command the command line, word by word
/// @param configuration the record of final values the run was made with
/// @param data what was trained on, with its hash ([DataHash])
/// @param teacherHash SHA-256 of the numbers of who was learnt from, empty where nobody was
/// @param device what computed
public record Manifest(
    List<String> command,
    Object configuration,
    long seed,
    String data,
    String dataHash,
    String teacherHash,
    String device,
    CodeVersion code,
    Machine machine,
    String started) {
  static final String FILE = "manifest.json";

  public static Manifest of(
      List<String> command,
      Object configuration,
      long seed,
      String data,
      String dataHash,
      String device) {
    return new Manifest(
        List.copyOf(command),
        configuration,
        seed,
        data,
        dataHash,
        "",
        device,
        CodeVersion.current(),
        Machine.current(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  public Manifest taughtBy(String hash) {
    return new Manifest(
        command, configuration, seed, data, dataHash, hash, device, code, machine, started);
  }

  public Manifest write(RunFolder folder) {
    folder.write(FILE, Json.pretty(this));
    return this;
  }

  /// Writes it into the folder of a new run; in that of a run that goes on, makes sure that the
  /// data is still the same.
  public Manifest settle(RunFolder folder) {
    if (!folder.holds(FILE)) return write(folder);
    String before = Json.parse(folder.read(FILE)).path("dataHash").asString("");
    if (before.equals(dataHash)) return this;
    throw new Failure(
        "the data changed since the run began: its hash was " + before + " and is " + dataHash,
        folder.file(FILE).toString(),
        "put the data back as it was, or start anew with another --out");
  }
}
