package retort.experiments.bench;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import retort.tensor.cpu.Peak;

/// What one `retort bench` measured, and on what: the content of its JSON file.
///
/// @param code version and commit of Retort
/// @param date of the start, ISO 8601
/// @param peers names with versions
record Report(
    String code,
    String date,
    String cpu,
    int processors,
    String os,
    String jvm,
    String device,
    List<String> peers,
    List<Ruler> rulers,
    List<Row> rows) {

  Report with(Ruler ruler) {
    return with(Stream.concat(rulers.stream(), Stream.of(ruler)).toList(), rows);
  }

  Report with(Row row) {
    return with(rulers, Stream.concat(rows.stream(), Stream.of(row)).toList());
  }

  private Report with(List<Ruler> rulers, List<Row> rows) {
    return new Report(code, date, cpu, processors, os, jvm, device, peers, rulers, rows);
  }

  /// What figures depend on that may stand in one report.
  List<Object> circumstances() {
    return List.of(code, cpu, processors, os, jvm, device, peers);
  }

  Optional<Ruler> ruler(int threads) {
    return rulers.stream().filter(r -> r.threads() == threads).findFirst();
  }

  boolean holds(String name, int threads) {
    return rows.stream().anyMatch(r -> r.name().equals(name) && r.threads() == threads);
  }

  static String threads(int n) {
    return n + (n == 1 ? " thread" : " threads");
  }

  /// The machine's measured peak on a number of threads: GFLOP/s of multiply-adds, GB/s of copying.
  record Ruler(int threads, double gflops, double gigabytes) {
    static Ruler measure(int threads) {
      Peak p = Peak.measure(threads);
      return new Ruler(threads, p.gflops(), p.gigabytes());
    }

    /// None: the processor's peak says nothing of another device.
    static Ruler unmeasured(int threads) {
      return new Ruler(threads, 0, 0);
    }

    /// The peak in a unit, or null where the unit has none.
    Double in(Family.Unit unit) {
      if (gflops == 0) return null;
      return switch (unit) {
        case GFLOPS -> gflops;
        case GIGABYTES -> gigabytes;
        case IMAGES, ROWS, TOKENS -> null;
      };
    }
  }
}
