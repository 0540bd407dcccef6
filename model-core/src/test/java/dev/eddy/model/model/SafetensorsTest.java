package dev.eddy.model.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SafetensorsTest {
  private static byte[] file(String header, int dataLength) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + dataLength)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }

  private static byte[] one(String dtype, String shape, long begin, long end, int dataLength) {
    return file(
        "{\"w\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}}"
            .formatted(dtype, shape, begin, end),
        dataLength);
  }

  private static void refused(byte[] file, String message) {
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(message);
  }

  private static float only(String dtype, long bits, int bytes) {
    byte[] file = one(dtype, "[1]", 0, bytes, bytes);
    for (int i = 0; i < bytes; i++) {
      file[file.length - bytes + i] = (byte) (bits >> (8 * i));
    }
    return Safetensors.read(file).floats("w")[0];
  }

  @Test
  void readsEveryFloatingPointType() {
    assertThat(only("F32", Float.floatToRawIntBits(-1.5f), 4)).isEqualTo(-1.5f);
    assertThat(only("F64", Double.doubleToRawLongBits(0.1), 8)).isEqualTo(0.1f);
    assertThat(only("BF16", 0x3fc0, 2)).isEqualTo(1.5f);
    assertThat(only("F16", 0x3c00, 2)).isEqualTo(1f);
    assertThat(only("F16", 0xc500, 2)).isEqualTo(-5f);
    assertThat(only("F16", 0x7bff, 2)).isEqualTo(65504f);
    assertThat(only("F16", 0x0400, 2)).isEqualTo(0x1p-14f);
    assertThat(only("F16", 0x8001, 2)).isEqualTo(-0x1p-24f);
  }

  @Test
  void refusesWhatIsNoFiniteFloat() {
    assertThatThrownBy(() -> only("F16", 0x7c00, 2)).hasMessageContaining("Infinity");
    assertThatThrownBy(() -> only("BF16", 0x7fc0, 2)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> only("F64", Double.doubleToRawLongBits(1e300), 8))
        .hasMessageContaining("Infinity as a float32");
    assertThatThrownBy(() -> only("I32", 1, 4)).hasMessageContaining("floating-point numbers");
  }

  @Test
  void readsIds() {
    byte[] file = one("I64", "[1,1]", 0, 8, 8);
    file[file.length - 8] = 7;
    assertThat(Safetensors.read(file).ids("w")).containsExactly(7);
    file[file.length - 1] = 1;
    assertThatThrownBy(() -> Safetensors.read(file).ids("w")).hasMessageContaining("beyond an int");
  }

  @Test
  void checksEveryPlaceAndSize() {
    assertThat(Safetensors.read(one("F32", "[2,3]", 0, 24, 24)).entries().get("w").shape())
        .containsExactly(2, 3);
    refused(one("F32", "[2,3]", 0, 24, 20), "cut short");
    refused(one("F32", "[2,3]", 0, 20, 20), "cut short, or damaged");
    refused(one("F32", "[2,3]", -4, 20, 24), "cut short, or damaged");
    refused(one("F32", "[2,3]", 0, 24, 28), "4 bytes behind the last tensor");
    refused(one("F32", "[2,3]", 4, 28, 28), "leave holes");
    refused(one("F32", "[65536,65536]", 0, 0, 0), "larger than the file");
    refused(one("F32", "[2147483647,2147483647,2147483647]", 0, 4, 4), "larger than the file");
    refused(one("F32", "[-1]", 0, 4, 4), "has the shape");
    refused(one("F32", "[1.5]", 0, 4, 4), "has the shape");
    refused(one("F32", "7", 0, 4, 4), "should have a shape");
    refused(one("F4", "[1]", 0, 4, 4), "of type 'F4'");
    refused(one("F32", "[1]", 0, Long.MAX_VALUE, 4), "cut short");
  }

  @Test
  void refusesTensorsThatOverlap() {
    String tensor = "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
    refused(file("{\"a\":%s,\"b\":%s}".formatted(tensor, tensor), 4), "overlap");
  }
}
