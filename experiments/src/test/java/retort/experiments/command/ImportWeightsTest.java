package retort.experiments.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.experiments.Cli;
import retort.experiments.SharedData;

/// A net that somebody else trained with PyTorch.
class ImportWeightsTest {
  @TempDir Path temp;

  @Test
  void importsAndEvaluatesAPublishedResNet56() {
    Path published = SharedData.file("weights/resnet56-cifar10.th");
    Path images = SharedData.file("weights/cifar10-test-500.bin");
    Path ours = temp.resolve("ours.safetensors");
    Cli imported = Cli.run("import", published, "--as=resnet56a", "--out", ours);
    assertThat(imported.err()).isEmpty();
    assertThat(imported.out()).contains("277 tensors fit resnet56a").contains("written to " + ours);

    Cli evaluated =
        Cli.run("evaluate", ours, "--model=resnet56a", "--data", images, "--normalise=imagenet");
    assertThat(evaluated.code()).isZero();
    assertThat(evaluated.out()).containsPattern("resnet56a +500 +475 +95.0 %");
  }

  @Test
  void saysWhatDoesNotFitAndWritesNothing() {
    Path published = SharedData.file("weights/resnet56-cifar10.th");
    Path ours = temp.resolve("ours.safetensors");
    Cli imported = Cli.run("import", published, "--as=resnet56", "--out", ours);
    assertThat(imported.code()).isEqualTo(1);
    assertThat(imported.out()).contains("missing: layer2.0.downsample");
    assertThat(imported.err())
        .isEqualTo("retort: the file isn't wholly a resnet56; nothing was written\n");
    assertThat(ours).doesNotExist();
    assertThat(Cli.run("import", published, "--as=resnet57").err())
        .contains("there is no backbone 'resnet57'; did you mean");
  }
}
