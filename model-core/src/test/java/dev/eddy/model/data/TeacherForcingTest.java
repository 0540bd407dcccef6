package dev.eddy.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.seq.Bundle;
import java.util.List;
import org.junit.jupiter.api.Test;

class TeacherForcingTest {
  @Test
  void theInputIsTheTargetOneStepLater() {
    TeacherForcing forced = TeacherForcing.of(List.of(new int[] {7, 3}, new int[] {}), 8, 9);
    assertThat(forced.input().ids(Bundle.MAIN).data()).containsExactly(8, 8, 7, 9, 3, 9);
    assertThat(forced.target().ids(Bundle.MAIN).data()).containsExactly(7, 9, 3, -1, 9, -1);
    assertThat(forced.input().lengths()).containsExactly(3, 1);
    assertThat(forced.target().lengths()).containsExactly(3, 1);
  }

  @Test
  void anIdThatMeansTheEndIsRefusedInside() {
    assertThatThrownBy(() -> TeacherForcing.of(List.of(new int[] {1}, new int[] {2, 9}), 8, 9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sequence 1 holds 9 at step 1: ids are from 0 on and not the end's, 9");
    assertThatThrownBy(() -> TeacherForcing.of(List.of(new int[] {-1}), 8, 9))
        .hasMessageContaining("holds -1");
    assertThatThrownBy(() -> TeacherForcing.of(List.of(), -1, 9)).hasMessageContaining("got -1");
  }
}
