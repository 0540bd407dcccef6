package dev.eddy.benchmarks.learn;

import dev.eddy.benchmarks.run.BenchException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Small grey images with a label from 0 to 9, read row by row by a network: a row is a step.
 *
 * @param pixels of each image, {@code [n][height * width]}; the first of an image is background
 * @param labels {@code [n]}
 * @param height rows, the steps of a sequence
 * @param width pixels in a row, the floats of a step
 */
record Images(float[][] pixels, int[] labels, int height, int width) {
  private static final int LABELS_MAGIC = 0x801;
  private static final int IMAGES_MAGIC = 0x803;

  int count() {
    return labels.length;
  }

  /** The same with the mean pixel of other images at 0 and their deviation at 1. */
  Images standardised(Images like) {
    double sum = 0;
    double squares = 0;
    for (float[] image : like.pixels) {
      for (float pixel : image) {
        sum += pixel;
        squares += pixel * pixel;
      }
    }
    double n = (double) like.count() * like.height * like.width;
    double mean = sum / n;
    double deviation = Math.sqrt(squares / n - mean * mean);
    float[][] scaled = new float[count()][height * width];
    for (int i = 0; i < scaled.length; i++) {
      for (int j = 0; j < scaled[i].length; j++) {
        scaled[i][j] = (float) ((pixels[i][j] - mean) / deviation);
      }
    }
    return new Images(scaled, labels, height, width);
  }

  /** Images {@code [from, to)}. */
  Images range(int from, int to) {
    return new Images(
        java.util.Arrays.copyOfRange(pixels, from, to),
        java.util.Arrays.copyOfRange(labels, from, to),
        height,
        width);
  }

  /** A file of the UCI digits: lines of 64 numbers from 0 to 16 and the label. */
  static Images optdigits(Path file) {
    List<float[]> pixels = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(open(file), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] fields = line.split(",");
        float[] image = new float[fields.length - 1];
        for (int i = 0; i < image.length; i++) {
          image[i] = Integer.parseInt(fields[i].strip()) / 16f;
        }
        pixels.add(image);
        labels.add(Integer.parseInt(fields[image.length].strip()));
      }
    } catch (IOException | NumberFormatException e) {
      throw new BenchException("cannot read " + file + ": " + e.getMessage());
    }
    return new Images(
        pixels.toArray(float[][]::new),
        labels.stream().mapToInt(Integer::intValue).toArray(),
        8,
        8);
  }

  /** A pair of IDX files, as MNIST comes. */
  static Images idx(Path imageFile, Path labelFile) {
    ByteBuffer images = all(imageFile, IMAGES_MAGIC);
    ByteBuffer labels = all(labelFile, LABELS_MAGIC);
    int count = images.getInt();
    int height = images.getInt();
    int width = images.getInt();
    if (labels.getInt() != count) {
      throw new BenchException("%s and %s do not belong together".formatted(imageFile, labelFile));
    }
    float[][] pixels = new float[count][height * width];
    int[] label = new int[count];
    for (int n = 0; n < count; n++) {
      for (int i = 0; i < height * width; i++) {
        pixels[n][i] = (images.get() & 0xFF) / 255f;
      }
      label[n] = labels.get();
    }
    return new Images(pixels, label, height, width);
  }

  private static ByteBuffer all(Path file, int magic) {
    try (InputStream in = open(file)) {
      ByteBuffer bytes = ByteBuffer.wrap(in.readAllBytes());
      if (bytes.getInt() != magic) {
        throw new BenchException(file + " is no IDX file of the expected kind");
      }
      return bytes;
    } catch (IOException e) {
      throw new BenchException("cannot read " + file + ": " + e.getMessage());
    }
  }

  private static InputStream open(Path file) throws IOException {
    return new GZIPInputStream(Files.newInputStream(file));
  }
}
