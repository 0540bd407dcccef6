package dev.eddy.model.testing;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;

/** What the classpath has of a kind: contract tests see to it that none is forgotten. */
public final class Implementations {
  private Implementations() {}

  /** Names of all classes outside of tests that implement a type of model-core; never empty. */
  public static List<String> of(Class<?> type) {
    List<String> names =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.eddy.model")
                .stream()
                .filter(found -> found.isAssignableTo(type) && !found.isInterface())
                .map(JavaClass::getName)
                .toList();
    if (names.isEmpty()) {
      throw new AssertionError("no class on the classpath implements " + type.getName());
    }
    return names;
  }
}
