package dev.eddy.jobs.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.config.PipelineConfig.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Model files under a folder of this machine: what is written, and what is not read. */
class ModelFolderTest {
  private static final byte[] FILE = "not really a model".getBytes(UTF_8);
  private static final String HASH = ModelRecords.sha256(FILE);

  @TempDir Path disk;
  private Path store;
  private ModelFolder folder;

  @BeforeEach
  void aStore() {
    store = disk.resolve("store");
    folder = of(store);
  }

  private static ModelFolder of(Path store) {
    String uri = store.toUri().toString();
    return new ModelFolder(new Models(uri, List.of(uri)));
  }

  private byte[] read(String uri, String hash, int size) throws BadModelException {
    Location.File location = new Location.File(uri);
    return folder.read(new Manifest("load", 1, hash, size, location, Map.of()), location);
  }

  private static List<String> names(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void whatWasWrittenIsReadAgain() throws Exception {
    String uri = folder.write("load", HASH, FILE);
    assertThat(uri).startsWith("file:").endsWith("/store/load/" + HASH + ".eddy");
    assertThat(read(uri, HASH, FILE.length)).isEqualTo(FILE);
    assertThat(folder.write("load", HASH, FILE)).isEqualTo(uri);
    assertThat(names(store.resolve("load"))).hasSize(1).noneMatch(name -> name.endsWith(".tmp"));
  }

  @Test
  void aFolderWhoseNameNeedsEscapes() throws Exception {
    folder = of(disk.resolve("our models, 50%"));
    String uri = folder.write("load", HASH, FILE);
    assertThat(uri).contains("our%20models,%2050%25");
    assertThat(read(uri, HASH, FILE.length)).isEqualTo(FILE);
  }

  @Test
  void aDamagedFileOfTheSameNameIsNotPublished() throws Exception {
    folder.write("load", HASH, FILE);
    Files.writeString(store.resolve("load").resolve(HASH + ".eddy"), "half of i");
    assertThatThrownBy(() -> folder.write("load", HASH, FILE))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("is damaged")
        .hasMessageContaining("delete it");
  }

  @Test
  void aStoreThatCannotBeWrittenIsNamed() throws Exception {
    Files.writeString(store, "a file, no folder");
    assertThatThrownBy(() -> folder.write("load", HASH, FILE))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("models.store")
        .hasMessageContaining("/store/load/");
  }

  @Test
  void anotherFileThanTheManifestSaysIsRefused() throws Exception {
    String uri = folder.write("load", HASH, FILE);
    assertThatThrownBy(() -> read(uri, "00".repeat(32), FILE.length))
        .isInstanceOf(BadModelException.class)
        .hasMessageContaining("has sha256 " + HASH);
    assertThatThrownBy(() -> read(uri, HASH, FILE.length + 1))
        .isInstanceOf(BadModelException.class)
        .hasMessageContaining("has 18 bytes, expected 19");
    assertThatThrownBy(() -> read(store.toUri() + "/load/none.eddy", HASH, FILE.length))
        .isInstanceOf(BadModelException.class)
        .hasMessageContaining("there is no file");
    assertThatThrownBy(() -> read(store.resolve("load").toUri().toString(), HASH, FILE.length))
        .isInstanceOf(BadModelException.class);
  }

  /** All of these would lead to a file that is there, and is what the manifest says. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:%s/secret",
        "file:%s/store/../secret",
        "file:%s/store/load/%%2e%%2e/%%2E%%2e/secret",
        "file:%s/store/load/..%%2f..%%2fsecret",
        "file:%s/store/./../secret",
        "file:%s/storefront/secret",
        "file:%s/store",
        "file://elsewhere%s/store/secret",
        "s3:%s/store/secret",
        "FILE:%s/store/..\\secret",
        "file:%s/store/secret?x",
        "file:%s/store/secret#x",
        "%s/store/secret",
        "file:store/secret",
        "",
        ":",
      })
  void whatIsNotUnderAnAllowedFolderIsNotRead(String form) throws Exception {
    for (String name : List.of("secret", "store/secret", "storefront/secret", "store/load/x")) {
      Path file = disk.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, FILE);
    }
    assertThat(read("file:" + disk + "/store/secret", HASH, FILE.length)).isEqualTo(FILE);
    assertThatThrownBy(() -> read(form.formatted(disk), HASH, FILE.length))
        .isInstanceOf(BadModelException.class)
        .hasMessageMatching("(?s).*(models.allowed|URI cannot be used).*");
  }

  @Test
  void withoutAllowedFoldersNothingIsRead() throws Exception {
    String uri = folder.write("load", HASH, FILE);
    folder = new ModelFolder(new Models(null, List.of()));
    assertThat(folder.writable()).isFalse();
    assertThatThrownBy(() -> read(uri, HASH, FILE.length))
        .isInstanceOf(BadModelException.class)
        .hasMessageContaining("models.allowed");
  }
}
