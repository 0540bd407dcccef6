package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.Map;

/** Adds up the gradients of an input that several layers read. */
final class Gradients {
  private Gradients() {}

  /** The sum, part by part and side by side; what only one has is taken as it is. */
  static Bundle plus(Bundle a, Bundle b, Context context) {
    Bundle sum = a;
    for (String name : b.parts().keySet()) {
      FloatSeq more = b.floats(name);
      sum = sum.with(name, a.hasFloats(name) ? plus(a.floats(name), more, context) : more);
    }
    return plusSides(sum, b, context);
  }

  /** a with the gradients of b's sides added to its own. */
  static Bundle plusSides(Bundle a, Bundle b, Context context) {
    Bundle sum = a;
    for (Map.Entry<String, Bundle> side : b.sides().entrySet()) {
      Bundle own = a.sides().getOrDefault(side.getKey(), Bundle.none());
      sum = sum.withSide(side.getKey(), plus(own, side.getValue(), context));
    }
    return sum;
  }

  /** In new memory: what is added up may still be needed where it came from. */
  static FloatSeq plus(FloatSeq a, FloatSeq b, Context context) {
    int n = a.time() * a.batch() * a.width();
    float[] sum = context.floats(n);
    for (int i = 0; i < n; i++) {
      sum[i] = a.data()[i] + b.data()[i];
    }
    return new FloatSeq(a.time(), a.batch(), a.width(), sum);
  }
}
