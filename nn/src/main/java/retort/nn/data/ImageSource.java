package retort.nn.data;

import java.io.IOException;
import java.util.List;

/// Labelled images by index, from memory or disk. `image` is called from several threads.
public interface ImageSource {
  /// A label for images that have none.
  int UNLABELLED = -1;

  int size();

  int label(int index);

  /// The class names; the label is an index into them.
  List<String> classes();

  Image image(int index) throws IOException;
}
