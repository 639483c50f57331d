package retort.experiments.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.experiments.Cli;
import retort.experiments.run.Json;
import retort.gendd.methods.Methods;
import retort.nn.backbone.Backbones;
import retort.tensor.Back;
import retort.tensor.CustomOp;
import retort.tensor.Forward;
import retort.tensor.Shape;
import retort.tensor.Unary;
import retort.tensor.gradcheck.GradientCase;
import tools.jackson.databind.JsonNode;

/// The commands that show what there is.
class ListsTest {
  @TempDir Path temp;

  @Test
  void modelsShowsEveryBackboneWithItsPublishedCost() {
    Cli models = Cli.run("models");
    assertThat(models.code()).isZero();
    for (Backbones.Entry entry : Backbones.all()) assertThat(models.out()).contains(entry.name());
    assertThat(models.out())
        .containsPattern("resnet8x4 +32x32 +100 +1,233,540 +177\\.1 M +256")
        .containsPattern("wrn_40_2 +32x32 +100 +2,255,156 +327\\.\\d M +128")
        .containsPattern("resnet50 +224x224 +1000 +25,557,032 +4,\\d{3}\\.\\d M +2048");
  }

  @Test
  void methodsShowsEveryMethodAndWhatItAdds() {
    Cli methods = Cli.run("methods");
    assertThat(methods.err()).isEmpty();
    for (Methods.Method m : Methods.all()) {
      assertThat(methods.out())
          .containsPattern("(?m)^" + m.name() + " .*" + m.paper().split(" ")[0]);
    }
    // two embeddings of 256 numbers as 128, with biases; two banks of 50,000 rows
    assertThat(methods.out()).containsPattern("(?m)^crd .* 65,792 .* 48\\.8 MiB");
    assertThat(methods.out()).containsPattern("(?m)^kd .* 0 +1,260\\.\\d M +0\\.0 MiB");
  }

  @Test
  void methodsOfANameShowsEachDefaultWithItsSource() {
    Cli dkd = Cli.run("methods", "dkd");
    assertThat(dkd.out()).containsPattern("resnet56 +resnet20 +beta +2 +mdistiller");
    assertThat(Cli.run("methods", "dkf").err()).contains("did you mean 'dkd'?");
  }

  @Test
  void recipeShowsWhatIsWrittenAndWhatIsInherited() {
    assertThat(Cli.run("recipe").out()).contains("fashion-teacher\n");
    assertThat(Cli.run("recipe", "fashion-teacher").out()).contains("base: train");
    assertThat(Cli.run("recipe", "fashion-teacher", "--resolved").out())
        .containsPattern("rate: 0\\.1 +# .*base/sgd\\.yaml:6:\\d+");
  }

  @Test
  void gradcheckShowsOneOpInFullAndWritesItsFindings() throws Exception {
    Path json = temp.resolve("g.json");
    Cli check = Cli.run("gradcheck", "--op=mse", "--json", json);
    assertThat(check.code()).isZero();
    assertThat(check.out())
        .contains("gradient of mse at 2x3, 2x3 is right: ")
        .contains("1 cases of 1 ops and modules, 0 failed");
    JsonNode finding = Json.parse(Files.readString(json)).get(0);
    assertThat(finding.get("name").asString()).isEqualTo("mse");
    assertThat(finding.at("/report/worstRelative").asDouble()).isLessThan(1e-6);
    assertThat(Cli.run("gradcheck", "--op=mes").err()).contains("no op or module 'mes'");
  }

  /// y = x^2 with the gradient of x^3.
  record Wrong() implements CustomOp {
    @Override
    public Shape shape(Shape... in) {
      return in[0];
    }

    @Override
    public void forward(Forward f) {
      f.kernels().unary(Unary.POW, 2, 0, f.x(0), f.y());
    }

    @Override
    public void backward(Back b) {
      b.kernels().unaryGrad(Unary.POW, 3, 0, b.x(0), null, b.dy(), b.slot(0));
    }
  }

  @Test
  void gradcheckFailsWhereAGradientIsWrong() {
    var out = new StringWriter();
    var wrong = List.of(GradientCase.of(new Wrong(), "2x3"));
    assertThat(new Gradcheck().check(wrong, new PrintWriter(out))).isEqualTo(1);
    assertThat(out.toString()).contains("WRONG").contains("is wrong").contains("1 failed");
  }
}
