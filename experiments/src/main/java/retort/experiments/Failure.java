package retort.experiments;

import java.nio.file.Path;

/// A failure the user can mend: what went wrong, where, and the remedy. The command line prints the
/// three and no stack trace; everything that depends on the user's files, folders, options or
/// recipes fails this way.
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String where;
  private final String remedy;

  public Failure(String what, String where, String remedy) {
    this(what, where, remedy, null);
  }

  public Failure(String what, Path where, String remedy, Throwable cause) {
    this(what, where.toString(), remedy, cause);
  }

  public Failure(String what, String where, String remedy, Throwable cause) {
    super(what, cause);
    this.where = where;
    this.remedy = remedy;
  }

  public String where() {
    return where;
  }

  public String remedy() {
    return remedy;
  }

  /// The message as printed: a line for each of the three.
  public String text() {
    return getMessage() + "\n  where:  " + where + "\n  remedy: " + remedy;
  }
}
