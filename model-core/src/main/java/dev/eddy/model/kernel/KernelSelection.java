package dev.eddy.model.kernel;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the kernels of this JVM, once: the fastest that work here. All give the same bits.
 *
 * <p>The choice is a ladder of reasons for saying no to the Vector API. The first that holds is
 * logged in one line, and the portable kernels are used; nothing crashes. The system property
 * {@value #PROPERTY} forces one provider ({@code portable} or {@code vector}); forcing what does
 * not work here fails, with the reason.
 */
public final class KernelSelection {
  /** {@code portable} or {@code vector}; the fastest that works if not set. */
  public static final String PROPERTY = "eddy.kernels";

  private static final Logger LOG = LoggerFactory.getLogger(KernelSelection.class);
  private static final String MODULE = "jdk.incubator.vector";
  private static final String PROVIDER = "dev.eddy.model.vector.VectorProvider";

  private KernelSelection() {}

  /**
   * The chosen kernels, and why they are not the fastest there are (null: they are, or were asked
   * for).
   */
  record Choice(Kernels kernels, String refusal) {}

  private static Kernels chosen;

  /**
   * The kernels to use in this JVM.
   *
   * @throws IllegalStateException if {@value #PROPERTY} forces kernels that do not work here
   */
  public static synchronized Kernels kernels() {
    if (chosen == null) {
      chosen = logged(System.getProperty(PROPERTY));
    }
    return chosen;
  }

  private static Kernels logged(String forced) {
    Choice choice = choose(forced, moduleIsThere(), PROVIDER);
    if (choice.refusal() != null) {
      LOG.warn("Kernels: portable (plain Java), because {}", choice.refusal());
    } else {
      LOG.info(
          "Kernels: {}{}",
          choice.kernels().name(),
          forced == null ? "" : ", forced by -D" + PROPERTY + "=" + forced);
    }
    if (!Jvm.hasHardwareFma()) {
      LOG.warn(
          "This processor or JVM has no fused multiply-add instruction (UseFMA is off): results keep"
              + " their bits, but take tens of times longer. Use a processor with FMA3 or NEON.");
    }
    return choice.kernels();
  }

  private static boolean moduleIsThere() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  /** The choice for a forced provider (null: none) and what is there. */
  static Choice choose(String forced, boolean moduleThere, String provider) {
    if ("portable".equals(forced)) {
      return new Choice(new PortableKernels(), null);
    }
    if (forced != null && !"vector".equals(forced)) {
      throw new IllegalStateException(
          "-D%s must be portable or vector, got '%s'".formatted(PROPERTY, forced));
    }
    Choice choice = vectorIfItWorks(moduleThere, provider);
    if (forced != null && choice.refusal() != null) {
      throw new IllegalStateException(
          "-D%s=vector is not possible: %s".formatted(PROPERTY, choice.refusal()));
    }
    return choice;
  }

  private static Choice vectorIfItWorks(boolean moduleThere, String name) {
    if (!moduleThere) {
      return refuse(
          "module " + MODULE + " is not there: start the JVM with --add-modules " + MODULE);
    }
    try {
      KernelProvider provider =
          Class.forName(name, true, KernelSelection.class.getClassLoader())
              .asSubclass(KernelProvider.class)
              .getDeclaredConstructor()
              .newInstance();
      String refusal = provider.refusal();
      return refusal == null ? new Choice(provider.kernels(), null) : refuse(refusal);
    } catch (ClassNotFoundException e) {
      return refuse(
          "module model-vector (class " + name + ") is not on the classpath: add its jar");
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      return refuse(
          "its class " + name + " does not load in this JVM (" + e + "): use a jar made for it");
    }
  }

  private static Choice refuse(String reason) {
    return new Choice(new PortableKernels(), reason);
  }
}
