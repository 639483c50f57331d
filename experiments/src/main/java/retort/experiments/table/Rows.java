package retort.experiments.table;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32;
import retort.experiments.Failure;
import retort.experiments.recipe.Recipe;
import retort.experiments.run.Json;
import retort.experiments.run.Manifest;
import retort.experiments.run.Provenance;
import retort.experiments.run.RunFolder;
import retort.experiments.terminal.Progress;
import retort.experiments.train.Comparison;
import retort.experiments.train.Data;
import retort.experiments.train.Images;
import retort.experiments.train.Pretrained;
import retort.experiments.train.Run;
import retort.experiments.train.Study;
import retort.experiments.train.Training;
import retort.gendd.Teacher;
import retort.nn.io.Sha256;
import retort.tensor.Device;

/// Runs rows of tables, or what they lack: one teacher for all seeds and rows that want the same
/// one, and for each seed a run folder with every method. What is there already is read, not
/// repeated; a folder that was made by another recipe, other data or other code is refused.
public final class Rows {
  private final Path out;
  private final List<String> command;
  private final Scale scale;
  private final Device device;
  private final Progress progress;
  private final BooleanSupplier stop;
  private final Map<Data, Images> opened = new HashMap<>();
  private final List<Failure> failures = new ArrayList<>();

  /// @param out the folder of all tables' runs
  public Rows(
      Path out,
      List<String> command,
      Scale scale,
      Device device,
      Progress progress,
      BooleanSupplier stop) {
    this.out = out;
    this.command = command;
    this.scale = scale;
    this.device = device;
    this.progress = progress;
    this.stop = stop;
  }

  /// Where the runs of a row are at a scale.
  public static Path folder(Path out, String row, Scale scale) {
    return out.resolve(row).resolve(scale.toString());
  }

  /// What went wrong in single trainings; the others were not kept from theirs.
  public List<Failure> failures() {
    return List.copyOf(failures);
  }

  /// Runs what a row lacks.
  ///
  /// @param recipe the row's, at the scale
  /// @param methods names of lessons, or `all`
  /// @param fitting whether methods that don't fit the row's nets are left out, not refused
  /// @return the lessons that fit the row
  public List<String> run(
      String name, Recipe recipe, List<String> methods, boolean fitting, int seeds) {
    Row row = recipe.as(Row.class);
    Images images = opened.computeIfAbsent(row.data(), Images::open);
    Comparison comparison = new Comparison(images, row.pair(), row.curriculum(), methods, fitting);
    Study.School school = null;
    for (int seed = 1; seed <= seeds; seed++) {
      Recipe seeded = recipe.with("seed", seed, "--seeds");
      Row plan = seeded.as(Row.class);
      Path folder = folder(out, name, scale).resolve("seed-" + seed);
      if (school == null) school = school(row, images);
      progress.say(name + ", seed " + seed + ": " + folder);
      checkSame(folder, plan, images, school);
      Run run = run(folder, seeded.resolved());
      try (Study study = new Study(run, images, seed, plan)) {
        comparison.run(run, study, school);
      } catch (Failure e) {
        progress.say(name + ", seed " + seed + ": " + e.getMessage());
        failures.add(e);
      }
    }
    return comparison.names();
  }

  private void checkSame(Path folder, Row plan, Images images, Study.School school) {
    if (!Files.exists(folder.resolve(Manifest.FILE))) return;
    var old = Provenance.of(Json.parse(RunFolder.resume(folder).read(Manifest.FILE)));
    Manifest now =
        Manifest.of(command, plan, plan.seed(), images.name(), images.hash(), device.name())
            .taughtBy(school.teacher().sha256());
    old.checkSame(folder.toString(), Provenance.of(now), "the run that is asked for");
  }

  private Run run(Path folder, String recipe) {
    RunFolder in = Files.isDirectory(folder) ? RunFolder.resume(folder) : RunFolder.create(folder);
    in.write(RunFolder.RECIPE, recipe);
    var quiet = new PrintWriter(Writer.nullWriter());
    return new Run(command, in, recipe, device, progress, stop, quiet);
  }

  /// What a teacher is made of; two rows with the same share it.
  record Making(String model, Data data, long seed, Training teaching) {
    /// Names the folder: short, and another for another making.
    String name() {
      CRC32 crc = new CRC32();
      crc.update(Json.line(this).getBytes(StandardCharsets.UTF_8));
      return model + "-" + HexFormat.of().toHexDigits((int) crc.getValue());
    }
  }

  private Study.School school(Row row, Images images) {
    String model = row.teacher().model();
    if (scale.takesGivenTeachers() && row.teacher().weights().isPresent()) {
      Pretrained file = given(row.teacher().weights().get());
      return new Study.School(model, new Teacher(file.as(model, images, device)));
    }
    Making making = new Making(model, row.data(), row.seed(), row.teaching());
    Path folder = out.resolve("teachers").resolve(making.name());
    progress.say("teacher " + model + ": " + folder);
    Run run = run(folder, Json.pretty(making));
    try (Study study = new Study(run, images, row.seed(), making)) {
      Study.School school = study.teach("teacher", model, row.teaching());
      study.finish();
      return school;
    }
  }

  private static Pretrained given(Row.Given weights) {
    if (!Files.exists(weights.file())) {
      String known =
          weights.bytes().map(b -> String.format(", %,d bytes", b)).orElse("")
              + weights.sha256().map(h -> ", sha256 beginning with " + h).orElse("");
      throw new Failure(
          "the teacher isn't there: " + weights.file().getFileName() + known,
          weights.file().toString(),
          "get it from " + weights.from() + ", or let one be trained with --scale small");
    }
    weights.sha256().ifPresent(begins -> checkHash(weights, begins));
    return Pretrained.read(weights.file());
  }

  private static void checkHash(Row.Given weights, String begins) {
    try {
      String hash = Sha256.of(weights.file());
      if (hash.startsWith(begins)) return;
      throw new Failure(
          "the teacher's file is another or damaged: its sha256 is "
              + hash
              + ", expected one that begins with "
              + begins,
          weights.file().toString(),
          "get it again from " + weights.from());
    } catch (IOException e) {
      throw new Failure(e.getMessage(), weights.file(), "make it readable", e);
    }
  }
}
