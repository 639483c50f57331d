package retort.experiments.terminal;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The live line of a training: name, epoch, bar, loss, images a second, time left; or of other
/// work on images, such as a test, without epochs and loss. On a terminal it overwrites itself;
/// elsewhere (a file, a pipe) a plain line appears now and then. The first line is printed at once,
/// before anything is computed. One thread uses it at a time.
public final class Progress {
  /// Often enough to look alive, rarely enough to cost nothing.
  private static final long TERMINAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /// A log of a ten-minute run stays on one screen.
  private static final long PLAIN_NANOS = TimeUnit.SECONDS.toNanos(15);

  private static final int BAR = 16;

  private static final long DAY = TimeUnit.DAYS.toSeconds(1);

  /// Each batch moves the shown loss by this much of the way: it follows, but doesn't flicker.
  private static final double SMOOTHING = 0.1;

  private final PrintWriter out;
  private final int columns;
  private final LongSupplier clock;

  private String name = "";
  private int epochs;
  private long imagesPerEpoch;
  private long counted;
  private long skipped;
  private long began;
  private long shown;
  private double loss;

  /// @param columns width of the terminal, or 0 where there is none
  public Progress(PrintWriter out, int columns) {
    this(out, columns, System::nanoTime);
  }

  Progress(PrintWriter out, int columns, LongSupplier clock) {
    this.out = out;
    this.columns = columns;
    this.clock = clock;
  }

  /// A progress line where the launcher says how wide the terminal is, plain lines elsewhere.
  public static Progress to(PrintWriter out) {
    return new Progress(out, Integer.getInteger("retort.columns", 0));
  }

  /// Begins a training and says so at once.
  ///
  /// @param epochsDone epochs already trained before a resume; they don't count for the speed
  public void begin(String name, int epochsDone, int epochs, long imagesPerEpoch) {
    this.name = name;
    this.epochs = epochs;
    this.imagesPerEpoch = imagesPerEpoch;
    this.skipped = epochsDone * imagesPerEpoch;
    this.loss = Double.NaN;
    began = clock.getAsLong();
    shown = began;
    show(epochsDone, 0);
  }

  /// Begins work on images that isn't a training and says so at once; [#add] counts them.
  public void begin(String name, long images) {
    counted = 0;
    begin(name, 0, 0, images);
  }

  /// So many more images are taken up.
  public void add(long images) {
    step(0, counted, () -> {});
    counted += images;
  }

  /// Ends what [#add] counts, without a line.
  public void done() {
    if (columns > 0) out.print("\r\u001b[2K");
    out.flush();
  }

  /// Shows a line if it is time for one.
  ///
  /// @param epoch from 0
  /// @param images how many of this epoch are done
  /// @param losses run before a line is shown: the time to say what the [#loss] of each batch was
  public void step(int epoch, long images, Runnable losses) {
    long now = clock.getAsLong();
    if (now - shown >= (columns > 0 ? TERMINAL_NANOS : PLAIN_NANOS)) {
      shown = now;
      losses.run();
      show(epoch, images);
    }
  }

  /// The loss of the next batch, in the order of the batches.
  public void loss(double ofBatch) {
    loss = Double.isNaN(loss) ? ofBatch : loss + SMOOTHING * (ofBatch - loss);
  }

  /// Ends the training's line with what came of it and the time it took.
  public void end(String outcome) {
    line(
        String.format(
            Locale.ROOT, "%-22s %s in %s", name, outcome, time((clock.getAsLong() - began) / 1e9)));
    if (columns > 0) out.println();
    out.flush();
  }

  /// A line of its own above the live one.
  public void say(String text) {
    if (columns > 0) out.print("\r\u001b[2K");
    out.println(text);
    out.flush();
  }

  private void show(int epoch, long images) {
    long all = Math.max(1, epochs) * imagesPerEpoch;
    long done = epoch * imagesPerEpoch + images;
    double part = all == 0 ? 1 : Math.min(1, (double) done / all);
    double seconds = (clock.getAsLong() - began) / 1e9;
    double speed = (done - skipped) / Math.max(seconds, 1e-9);
    int filled = (int) Math.round(part * BAR);
    String bar = "█".repeat(filled) + "░".repeat(BAR - filled);
    String where =
        epochs == 0 ? "" : String.format("epoch %d/%d ", Math.min(epoch + 1, epochs), epochs);
    String text = String.format(Locale.ROOT, "%-22s %s%s %3.0f %%", name, where, bar, 100 * part);
    if (!Double.isNaN(loss)) text += String.format(Locale.ROOT, "  loss %.4f", loss);
    if (done > skipped) {
      text +=
          String.format(
              Locale.ROOT,
              speed < 10 ? "  %.1f images/s  %s left" : "  %,.0f images/s  %s left",
              speed,
              time((all - done) / speed));
    }
    line(text);
  }

  private void line(String text) {
    if (columns > 0) {
      int room = Math.min(text.length(), columns - 1);
      out.print("\r\u001b[2K" + text.substring(0, room));
    } else {
      out.println(text);
    }
    out.flush();
  }

  /// `48 s`, `3:07`, `1:02:09`, `12 d 3 h`.
  public static String time(double seconds) {
    long s = Math.round(seconds);
    if (s < 60) return s + " s";
    if (s < 3600) return String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60);
    if (s < 2 * DAY) {
      return String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    }
    return String.format(Locale.ROOT, "%,d d %d h", s / DAY, s / 3600 % 24);
  }
}
