package dev.eddy.model.rules;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.Set;

/** Rules about what compiled code may call, shared by the modules. */
public final class BytecodeRules {
  /** Exact by specification, or by IEEE 754: the same bits on every JDK and every machine. */
  private static final Set<String> EXACT =
      Set.of(
          "fma",
          "sqrt",
          "abs",
          "min",
          "max",
          "floor",
          "ceil",
          "rint",
          "round",
          "signum",
          "clamp",
          "floorMod",
          "floorDiv",
          "ceilDiv",
          "ceilDivExact",
          "addExact",
          "subtractExact",
          "multiplyExact",
          "negateExact",
          "toIntExact",
          "incrementExact",
          "multiplyHigh",
          "getExponent",
          "scalb",
          "copySign",
          "ulp",
          "nextUp",
          "nextDown");

  private BytecodeRules() {}

  /**
   * Of {@code Math}, only what is exact: {@code Math.tanh} and its kin differ between JDK 17 and
   * 25, and a prediction must not.
   */
  public static ArchRule onlyExactMath() {
    return ArchRuleDefinition.noClasses()
        .should()
        .callMethodWhere(
            new DescribedPredicate<JavaCall<?>>("it is an inexact function of java.lang.Math") {
              @Override
              public boolean test(JavaCall<?> call) {
                return call.getTargetOwner().isEquivalentTo(Math.class)
                    && !EXACT.contains(call.getName());
              }
            })
        .because(
            "their bits differ between JDKs; use dev.eddy.model.kernel.Functions or StrictMath");
  }

  /** No Java serialisation: nothing from outside is ever turned into a class that it names. */
  public static ArchRule noJavaDeserialisation() {
    return ArchRuleDefinition.noClasses()
        .should()
        .accessTargetWhere(
            new DescribedPredicate<JavaAccess<?>>("it is java.io.ObjectInputStream") {
              @Override
              public boolean test(JavaAccess<?> access) {
                return access.getTargetOwner().isAssignableTo(java.io.ObjectInputStream.class);
              }
            })
        .because("records, files and state are read by readers of our own");
  }
}
