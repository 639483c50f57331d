package retort.gendd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.zip.CRC32;
import retort.nn.backbone.Backbone;
import retort.nn.io.Sha256;
import retort.tensor.Tensor;

/// A trained net that only answers: always in evaluation mode, frozen, and held to it. Its numbers
/// are fingerprinted when training begins, so a method that changed them by any route is found out.
public final class Teacher {
  private final Backbone net;
  private final long fingerprint;
  private String sha256;

  public Teacher(Backbone net) {
    this.net = net;
    net.eval();
    net.freeze("*");
    fingerprint = fingerprint();
  }

  public Backbone net() {
    checkQuiet();
    return net;
  }

  /// The feature `[n, d]` of images.
  public Tensor embed(Tensor images) {
    return net().embed(images);
  }

  /// The feature and the maps of every stage.
  public Backbone.Features features(Tensor images) {
    return net().features(images);
  }

  /// The logits of features.
  public Tensor classify(Tensor feature) {
    return net().classify(feature);
  }

  public Tensor logits(Tensor images) {
    return net().apply(images);
  }

  public int featureWidth() {
    return net.featureWidth();
  }

  public int classes() {
    return net.classes();
  }

  /// SHA-256 of all its numbers by name: what records of runs and caches of its features know it
  /// by.
  public String sha256() {
    if (sha256 == null) sha256 = hash();
    return sha256;
  }

  private String hash() {
    MessageDigest digest = Sha256.digest();
    net.state()
        .forEach((path, t) -> {
          digest.update(path.getBytes(StandardCharsets.UTF_8));
          digest.update(bytes(t));
        });
    return Sha256.hex(digest);
  }

  private void checkQuiet() {
    if (net.isTraining()) {
      throw new IllegalStateException(
          "the teacher was put into training mode; leave its mode alone, or its normalisation"
              + " follows the student's batches");
    }
  }

  /// Fails if any number of the teacher has changed, or a gradient has reached it.
  public void checkUntouched() {
    checkQuiet();
    net.parameters()
        .forEach((path, p) -> {
          if (p.wantsGrad() || p.hasGrad())
            throw new IllegalStateException("a gradient reaches the teacher's '" + path + "'");
        });
    if (fingerprint() != fingerprint) {
      throw new IllegalStateException(
          "the teacher's numbers have changed since the distiller was made; nothing may train it");
    }
  }

  private long fingerprint() {
    CRC32 crc = new CRC32();
    net.state().values().forEach(t -> crc.update(bytes(t)));
    return crc.getValue();
  }

  private static ByteBuffer bytes(Tensor t) {
    float[] numbers = t.toFloats();
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Float.BYTES);
    bytes.asFloatBuffer().put(numbers);
    return bytes;
  }
}
