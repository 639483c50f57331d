package retort.experiments.train;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import retort.experiments.Failure;
import retort.nn.data.ImageFiles;
import retort.nn.data.ImageSource;
import retort.nn.data.Normalisation;
import retort.nn.data.Subset;
import retort.nn.data.TarShards;
import retort.nn.io.FormatException;
import retort.tensor.Shape;

/// Photographs in files: ImageNet as torchvision's ImageFolder has it, ImageNet-LT by its lists,
/// and unlabelled collections such as CC3M to train on.
final class Folders {
  /// What to get, and how to know that it is whole.
  static final String IMAGENET =
      """
      ImageNet (ILSVRC 2012) comes from https://image-net.org, with an account:
        ILSVRC2012_img_train.tar  147,897,477,120 bytes  md5 1d675b47d978889d74fa0da5fadfb00e
        ILSVRC2012_img_val.tar      6,744,924,160 bytes  md5 29b22e2961454d5413ddabcf34fc5622
      unpack them to train/<wnid>/*.JPEG and val/<wnid>/*.JPEG, and name the folder of both with --data\
      """;

  private static final String LT =
      """
      ImageNet-LT's lists come from https://github.com/zhmiao/OpenLongTailRecognition-OLTR (no checksums are published):
        ImageNet_LT_train.txt  115,846 lines
        ImageNet_LT_val.txt     20,000 lines
        ImageNet_LT_test.txt    50,000 lines
      put them into the folder that data.lists names; their images are ImageNet's\
      """;

  private static final String CC3M =
      """
      CC3M (3,318,333 addresses in Train_GCC-training.tsv) comes from https://ai.google.com/research/ConceptualCaptions;
      img2dataset fetches its images as tar shards (no checksums: which are still there changes)
      name the folder of the shards, or of the images, with data.unlabelled\
      """;

  /// A labelled training set, its validation set and its test set.
  private record Parts(ImageSource train, ImageSource validation, ImageSource test, String hash) {}

  private Folders() {}

  static Images open(Data data, Photographs how) {
    Path root = Path.of(data.from());
    Parts parts = data.lists().isPresent() ? listed(root, data) : folders(root, data);
    int classes = parts.test.classes().size();
    ImageSource train =
        data.lists().isPresent() && data.perClass() > 0
            ? Subset.thinned(parts.train, data.perClass())
            : slice(parts.train, data.perClass(), classes);
    ImageSource validation = parts.validation;
    ImageSource test = slice(parts.test, data.testPerClass(), classes);
    if (validation == null) {
      Subset.Split split =
          Subset.holdOut(
              data.unlabelled().isPresent() ? test : train, data.validation(), Images.SPLIT_SEED);
      validation = split.heldOut();
      if (data.unlabelled().isPresent()) test = split.kept();
      else train = split.kept();
    } else {
      validation = slice(validation, data.testPerClass(), classes);
    }
    return new Images(
            root.toAbsolutePath().normalize().getFileName().toString(),
            parts.hash,
            train,
            validation,
            test,
            Shape.of(how.size(), how.size(), 3),
            Normalisation.imageNet(),
            data,
            Subset.counts(parts.train))
        .checked();
  }

  private static ImageSource slice(ImageSource all, int perClass, int classes) {
    return perClass > 0 ? Subset.perClass(all, perClass, classes) : all;
  }

  private static Parts folders(Path root, Data data) {
    return Images.reading(
        root,
        IMAGENET,
        () -> {
          for (String part : List.of("train", "val")) {
            if (part.equals("train") && data.unlabelled().isPresent()) continue;
            if (!Files.isDirectory(root.resolve(part)))
              throw new FileNotFoundException("no folder " + root.resolve(part));
          }
          ImageFiles val = ImageFiles.folders(root.resolve("val"));
          if (data.unlabelled().isPresent()) return unlabelled(data.unlabelled().get(), val);
          ImageFiles train = ImageFiles.folders(root.resolve("train"));
          agree(root, train, val);
          return new Parts(train, null, val, train.sha256() + "+" + val.sha256());
        });
  }

  private static void agree(Path root, ImageFiles train, ImageFiles val) throws IOException {
    if (train.classes().equals(val.classes())) return;
    String first =
        train.classes().stream()
            .filter(c -> !val.classes().contains(c))
            .findFirst()
            .map(c -> "'" + c + "' is in train alone")
            .orElseGet(() ->
                "'"
                    + val.classes().stream()
                        .filter(c -> !train.classes().contains(c))
                        .findFirst()
                        .orElseThrow()
                    + "' is in val alone");
    throw new FormatException(
        root,
        "train has "
            + train.classes().size()
            + " class folders and val "
            + val.classes().size()
            + ", and they disagree: "
            + first);
  }

  private static Parts unlabelled(Path folder, ImageFiles test) {
    return Images.reading(
        folder,
        CC3M,
        () -> {
          if (!Files.isDirectory(folder)) throw new FileNotFoundException("no folder " + folder);
          List<Path> shards = TarShards.in(folder);
          if (shards.isEmpty()) {
            ImageFiles files = ImageFiles.unlabelled(folder);
            return new Parts(files, null, test, files.sha256() + "+" + test.sha256());
          }
          TarShards files = new TarShards(shards, test.classes().size());
          return new Parts(files, null, test, files.sha256() + "+" + test.sha256());
        });
  }

  private static Parts listed(Path root, Data data) {
    Path lists = data.lists().orElseThrow();
    if (!Files.isDirectory(root)) throw new Failure("no folder " + root, root.toString(), IMAGENET);
    return Images.reading(
        lists,
        LT,
        () -> {
          Path train = lists.resolve("ImageNet_LT_train.txt");
          int classes = classes(train);
          ImageFiles training = ImageFiles.list(root, train, classes);
          int[] counts = training.counts();
          int[] empty = IntStream.range(0, classes).filter(c -> counts[c] == 0).toArray();
          if (empty.length > 0) {
            throw new FormatException(
                train, "its largest label is " + (classes - 1) + ", but none is " + empty[0]);
          }
          ImageFiles validation =
              ImageFiles.list(root, lists.resolve("ImageNet_LT_val.txt"), classes);
          ImageFiles test = ImageFiles.list(root, lists.resolve("ImageNet_LT_test.txt"), classes);
          return new Parts(training, validation, test, training.sha256() + "+" + test.sha256());
        });
  }

  /// One more than the largest label of a list.
  private static int classes(Path list) throws IOException {
    if (!Files.isRegularFile(list)) throw new FileNotFoundException("no list file " + list);
    try (var lines = Files.lines(list)) {
      return 1
          + lines
              .map(line -> line.strip().substring(line.strip().lastIndexOf(' ') + 1))
              .filter(label -> label.matches("[0-9]{1,9}"))
              .mapToInt(Integer::parseInt)
              .max()
              .orElse(0);
    }
  }
}
