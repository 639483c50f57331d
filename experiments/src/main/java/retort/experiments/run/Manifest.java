package retort.experiments.run;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import retort.experiments.CodeVersion;
import retort.experiments.Failure;
import retort.experiments.Machine;
import tools.jackson.databind.JsonNode;

/// Where a run's numbers come from: everything needed to make them again.
///
/// @param command the command line, word by word
/// @param configuration the record of final values the run was made with
/// @param data what was trained on
/// @param dataHash SHA-256 of it
/// @param teacherHash SHA-256 of the numbers of who was learnt from, empty where nobody was
/// @param device what computed
/// @param arithmetic how it rounded
public record Manifest(
    List<String> command,
    Object configuration,
    long seed,
    String data,
    String dataHash,
    String teacherHash,
    String device,
    Arithmetic arithmetic,
    CodeVersion code,
    Machine machine,
    String started) {
  public static final String FILE = "manifest.json";

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
        Arithmetic.of(device),
        CodeVersion.current(),
        Machine.current(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  public Manifest taughtBy(String hash) {
    return new Manifest(
        command,
        configuration,
        seed,
        data,
        dataHash,
        hash,
        device,
        arithmetic,
        code,
        machine,
        started);
  }

  public Manifest write(RunFolder folder) {
    folder.write(FILE, Json.pretty(this));
    return this;
  }

  /// Writes it into the folder of a new run; in that of a run that goes on, makes sure that it goes
  /// on with the same data, on the same device and by the same arithmetic.
  public Manifest settle(RunFolder folder) {
    if (!folder.holds(FILE)) return write(folder);
    JsonNode before = Json.parse(folder.read(FILE)), now = Json.parse(Json.line(this));
    String where = folder.file(FILE).toString();
    String hash = before.path("dataHash").asString("");
    if (!hash.equals(dataHash)) {
      throw new Failure(
          "the data changed since the run began: its hash was " + hash + " and is " + dataHash,
          where,
          "put the data back as it was, or start anew with another --out");
    }
    for (String fact : new String[] {"/device", "/arithmetic/exact", "/arithmetic/products"}) {
      String then = before.at(fact).asString(""), is = now.at(fact).asString("");
      if (then.equals(is)) continue;
      throw new Failure(
          "the run began with "
              + fact.substring(1)
              + " '"
              + then
              + "' and is asked to go on with '"
              + is
              + "'",
          where,
          "go on with the --device and --exact that it began with, or start anew with another"
              + " --out");
    }
    return this;
  }
}
