package dev.eddy.model.train;

import java.util.List;
import java.util.stream.IntStream;

/** The sequences of a data set, by number. They may be made when asked for. */
public interface Examples {
  /** How many there are. */
  int count();

  /** Steps of the input of one of them. */
  int length(int number);

  /** One of them; the same each time. */
  Example get(int number);

  /** Sequences that are all in memory. */
  static Examples of(List<Example> examples) {
    List<Example> copy = List.copyOf(examples);
    return new Examples() {
      @Override
      public int count() {
        return copy.size();
      }

      @Override
      public int length(int number) {
        return copy.get(number).length();
      }

      @Override
      public Example get(int number) {
        return copy.get(number);
      }
    };
  }

  /** Every sequence as a whole. */
  default List<Span> spans() {
    return IntStream.range(0, count()).mapToObj(i -> new Span(i, 0, length(i))).toList();
  }
}
