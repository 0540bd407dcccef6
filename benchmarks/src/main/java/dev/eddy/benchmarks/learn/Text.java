package dev.eddy.benchmarks.learn;

import dev.eddy.benchmarks.run.BenchException;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.IntSeq;
import dev.eddy.model.train.Example;
import dev.eddy.model.train.Examples;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A text as one long sequence of characters, each to be told from those before it.
 *
 * @param ids of the characters, from 0
 * @param vocabulary how many different ones there are
 */
record Text(int[] ids, int vocabulary) {

  /** A gzipped text; its characters are numbered in the order of their codes. */
  static Text read(Path file) {
    String text;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new BenchException("cannot read " + file + ": " + e.getMessage());
    }
    int[] alphabet = text.chars().sorted().distinct().toArray();
    int[] ids =
        text.chars().map(character -> java.util.Arrays.binarySearch(alphabet, character)).toArray();
    return new Text(ids, alphabet.length);
  }

  /** Characters {@code [from, to)} with the character after each as its target. */
  Examples next(int from, int to) {
    int[] input = java.util.Arrays.copyOfRange(ids, from, to - 1);
    int[] target = java.util.Arrays.copyOfRange(ids, from + 1, to);
    return Examples.of(
        List.of(
            new Example(
                Bundle.of(Bundle.MAIN, new IntSeq(input.length, 1, input)),
                Bundle.of(Bundle.MAIN, new IntSeq(target.length, 1, target)))));
  }
}
