package dev.eddy.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/**
 * Every rung of the ladder; that the vector kernels are chosen where they work is tested in their
 * own module.
 */
class KernelSelectionTest {

  private static final Kernels KERNELS = new PortableKernels();

  /** A provider that says no. */
  public static final class Unwilling implements KernelProvider {
    @Override
    public String refusal() {
      return "it does not feel like it";
    }

    @Override
    public Kernels kernels() {
      throw new AssertionError("asked for kernels that were refused");
    }
  }

  /** A provider that does not load. */
  public static final class Broken implements KernelProvider {
    /** Fails as a class does that was compiled for another JVM. */
    public Broken() {
      throw new NoClassDefFoundError("jdk/incubator/vector/FloatVector");
    }

    @Override
    public String refusal() {
      return null;
    }

    @Override
    public Kernels kernels() {
      return null;
    }
  }

  /** A provider that works. */
  public static final class Willing implements KernelProvider {
    @Override
    public String refusal() {
      return null;
    }

    @Override
    public Kernels kernels() {
      return KERNELS;
    }
  }

  private static String refusal(boolean moduleThere, String provider) {
    KernelSelection.Choice choice = KernelSelection.choose(null, moduleThere, provider);
    assertThat(choice.kernels().name()).isEqualTo("portable");
    assertThatThrownBy(() -> KernelSelection.choose("vector", moduleThere, provider))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("-Deddy.kernels=vector is not possible: " + choice.refusal());
    return choice.refusal();
  }

  @Test
  void everyReasonForSayingNoIsNamed() {
    assertThat(refusal(false, Willing.class.getName()))
        .isEqualTo(
            "module jdk.incubator.vector is not there: start the JVM with --add-modules"
                + " jdk.incubator.vector");
    assertThat(refusal(true, "dev.eddy.model.vector.Nowhere"))
        .contains("model-vector")
        .contains("not on the classpath");
    assertThat(refusal(true, Unwilling.class.getName())).isEqualTo("it does not feel like it");
    assertThat(refusal(true, Broken.class.getName())).contains("does not load in this JVM");
  }

  @Test
  void whatWorksIsChosen() {
    KernelSelection.Choice choice = KernelSelection.choose(null, true, Willing.class.getName());
    assertThat(choice.kernels()).isSameAs(KERNELS);
    assertThat(choice.refusal()).isNull();
    assertThat(KernelSelection.choose("vector", true, Willing.class.getName()).kernels())
        .isSameAs(KERNELS);
  }

  @Test
  void portableCanBeForced() {
    KernelSelection.Choice choice =
        KernelSelection.choose("portable", true, Willing.class.getName());
    assertThat(choice.kernels()).isInstanceOf(PortableKernels.class).isNotSameAs(KERNELS);
    assertThat(choice.refusal()).isNull();
  }

  @Test
  void anUnknownNameIsAnError() {
    assertThatThrownBy(() -> KernelSelection.choose("fast", true, Willing.class.getName()))
        .hasMessage("-Deddy.kernels must be portable or vector, got 'fast'");
  }

  @Test
  void withoutTheVectorModuleOnTheClasspathPortableIsChosen() {
    assertThat(KernelSelection.kernels().name()).isEqualTo("portable");
    assertThat(KernelSelection.kernels()).isSameAs(KernelSelection.kernels());
  }
}
