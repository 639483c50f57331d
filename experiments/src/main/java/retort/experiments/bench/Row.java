package retort.experiments.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;

/// One line of the result. Speeds are in `unit`, medians of the undisturbed rounds; `theirs` is the
/// fastest of the peers' contenders, `peer` its name, `peers` has them all. Without a peer these
/// are absent.
///
/// @param ofPeak ours as a part of the machine's own measured peak, where that is meant
/// @param ourMiB the peak memory of a whole step: of ours the device's buffers, of the peer (in the
///   layout that takes least) by how much the process grew, its arrays included
/// @param rounds how many rounds there were, and how many of them `undisturbed`; fewer than three
///   of those, and all were used
@JsonInclude(JsonInclude.Include.NON_NULL)
record Row(
    String name,
    Family family,
    int threads,
    double ours,
    Double theirs,
    String unit,
    Double ratio,
    Double ofPeak,
    String peer,
    Map<String, Double> peers,
    Double ourMiB,
    Double theirMiB,
    int rounds,
    int undisturbed) {}
