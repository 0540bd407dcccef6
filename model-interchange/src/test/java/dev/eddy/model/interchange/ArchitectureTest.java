package dev.eddy.model.interchange;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Each foreign library stands behind one wall. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.eddy.model.interchange");

  @Test
  void onlyTheOnnxClassesKnowProtobuf() {
    noClasses()
        .that()
        .haveNameNotMatching("dev\\.eddy\\.model\\.interchange\\.Onnx.*")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.onnx..", "com.google.protobuf..")
        .check(CLASSES);
  }

  @Test
  void onlyHdfTensorsKnowsHdf5() {
    noClasses()
        .that()
        .doNotHaveSimpleName("HdfTensors")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.jhdf..")
        .check(CLASSES);
  }

  @Test
  void knowsNoFlinkAndNoKafka() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.flink..", "org.apache.kafka..")
        .check(CLASSES);
  }
}
