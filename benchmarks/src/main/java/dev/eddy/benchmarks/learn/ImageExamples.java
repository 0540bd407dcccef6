package dev.eddy.benchmarks.learn;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import dev.eddy.model.train.Example;
import dev.eddy.model.train.Examples;

/**
 * Images as sequences of rows, each also moved by a pixel in eight directions where {@code moved}:
 * nine examples of an image, a cheap way to more of them that leaves the label as it is.
 *
 * @param images the images
 * @param moved whether images are moved too
 */
record ImageExamples(Images images, boolean moved) implements Examples {
  private static final int MOVES = 9;

  @Override
  public int count() {
    return images.count() * (moved ? MOVES : 1);
  }

  @Override
  public int length(int number) {
    return images.height();
  }

  @Override
  public Example get(int number) {
    int image = number % images.count();
    int move = moved ? number / images.count() : MOVES / 2;
    FloatSeq rows = FloatSeq.zeros(images.height(), 1, images.width());
    copy(images.pixels()[image], move / 3 - 1, move % 3 - 1, rows.data());
    IntSeq label = new IntSeq(1, 1, new int[] {images.labels()[image]});
    return new Example(Bundle.of(rows), Bundle.of(Bundle.MAIN, label));
  }

  /** The image moved down and right; what comes in is the colour of its corner. */
  private void copy(float[] from, int down, int right, float[] to) {
    for (int y = 0; y < images.height(); y++) {
      for (int x = 0; x < images.width(); x++) {
        int row = y - down;
        int column = x - right;
        boolean inside =
            row >= 0 && row < images.height() && column >= 0 && column < images.width();
        to[y * images.width() + x] = from[inside ? row * images.width() + column : 0];
      }
    }
  }
}
