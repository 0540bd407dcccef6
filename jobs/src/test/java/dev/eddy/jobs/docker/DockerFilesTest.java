package dev.eddy.jobs.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What can be checked of docker/ without a container engine. */
class DockerFilesTest {
  private static final Path ROOT =
      Path.of(System.getProperty("basedir", ".")).resolve("..").normalize();
  private static final Path DOCKER = ROOT.resolve("docker");

  /**
   * The keys of a service that the compose specification knows, as far as they are used or likely
   * here.
   */
  private static final Set<String> SERVICE_KEYS =
      Set.of(
          "image",
          "build",
          "command",
          "environment",
          "ports",
          "volumes",
          "depends_on",
          "healthcheck",
          "restart",
          "profiles",
          "deploy",
          "entrypoint",
          "user",
          "networks",
          "labels",
          "ulimits");

  @Test
  void composeIsWellFormedAndRefersToWhatExists() throws IOException {
    Map<String, Object> compose = yaml(DOCKER.resolve("compose.yaml"));
    Map<String, Object> services = map(compose.get("services"));
    Set<String> volumes = map(compose.get("volumes")).keySet();

    assertThat(services)
        .containsKeys(
            "kafka", "jobmanager", "taskmanager", "train", "serve", "prometheus", "grafana");
    services.forEach(
        (name, value) -> {
          Map<String, Object> service = map(value);
          assertThat(service.keySet()).as(name).isSubsetOf(SERVICE_KEYS).contains("image");
          dependencies(service)
              .forEach(other -> assertThat(services).as(name + " depends on").containsKey(other));
          strings(service.get("volumes"))
              .forEach(
                  volume -> {
                    String source = volume.split(":")[0];
                    if (source.startsWith(".")) {
                      assertThat(DOCKER.resolve(source)).as(name).exists();
                    } else {
                      assertThat(volumes).as(name).contains(source);
                    }
                  });
        });
  }

  @Test
  void portsAreUniqueAndOnLoopbackOnly() throws IOException {
    List<String> ports = new ArrayList<>();
    map(yaml(DOCKER.resolve("compose.yaml")).get("services"))
        .values()
        .forEach(service -> ports.addAll(strings(map(service).get("ports"))));

    assertThat(ports).isNotEmpty().allMatch(port -> port.startsWith("127.0.0.1:"));
    assertThat(ports.stream().map(port -> port.split(":")[1])).doesNotHaveDuplicates();
  }

  @Test
  void theImageCopiesWhatTheBuildMakes() throws IOException {
    String dockerfile = Files.readString(DOCKER.resolve("Dockerfile"));
    Matcher copies = Pattern.compile("(?m)^COPY (\\S+) (\\S+)$").matcher(dockerfile);
    List<String> sources = new ArrayList<>();
    while (copies.find()) {
      sources.add(copies.group(1));
    }
    assertThat(sources).contains("jobs/target/jobs-*-shaded.jar", "conf/", "docker/config.yaml");
    assertThat(Files.readString(ROOT.resolve("jobs/pom.xml")))
        .contains("<artifactId>jobs</artifactId>")
        .contains("<shadedClassifierName>shaded</shadedClassifierName>");
    assertThat(ROOT.resolve("conf")).isDirectory();
    assertThat(DOCKER.resolve("config.yaml")).exists();

    String flink =
        Pattern.compile("<flink.version>(.*)</flink.version>")
            .matcher(Files.readString(ROOT.resolve("pom.xml")))
            .results()
            .findFirst()
            .orElseThrow()
            .group(1);
    assertThat(dockerfile).contains("FROM flink:" + flink + "-java17");
  }

  @Test
  void theJobsRunPipelinesThatTheImageHolds() throws IOException {
    Map<String, Object> services = map(yaml(DOCKER.resolve("compose.yaml")).get("services"));
    for (String job : List.of("train", "serve")) {
      List<String> command = strings(map(services.get(job)).get("command"));
      assertThat(command).contains("/opt/eddy/jobs.jar", job);
      String config = command.get(command.size() - 1);
      assertThat(ROOT.resolve(config.replace("/opt/eddy/", ""))).as(job).exists();
    }
  }

  @Test
  void dashboardsAskForMetricsThatTheJobsRegister() throws IOException {
    Set<String> registered = registeredNames();
    Set<String> asked = new TreeSet<>();
    try (Stream<Path> boards = Files.list(DOCKER.resolve("grafana/dashboards"))) {
      for (Path board : boards.toList()) {
        JsonNode dashboard = new ObjectMapper().readTree(board.toFile());
        assertThat(dashboard.path("uid").asText()).isNotEmpty();
        Set<Integer> ids = new HashSet<>();
        for (JsonNode panel : dashboard.path("panels")) {
          assertThat(ids.add(panel.path("id").asInt())).as("panel ids are unique").isTrue();
          assertThat(panel.path("datasource").path("uid").asText()).isEqualTo("prometheus");
          for (JsonNode target : panel.path("targets")) {
            Matcher names =
                Pattern.compile("_eddy_([A-Za-z]+)").matcher(target.path("expr").asText());
            while (names.find()) {
              asked.add(names.group(1));
            }
          }
        }
      }
    }
    assertThat(asked).isNotEmpty().isSubsetOf(registered);
  }

  @Test
  void provisioningNamesTheSameSourceAndFolder() throws IOException {
    Map<String, Object> source =
        map(
            list(yaml(DOCKER.resolve("grafana/provisioning/datasources/prometheus.yaml"))
                    .get("datasources"))
                .get(0));
    assertThat(source)
        .containsEntry("uid", "prometheus")
        .containsEntry("url", "http://prometheus:9090");
    assertThat(yaml(DOCKER.resolve("prometheus.yml"))).containsKey("scrape_configs");
    assertThat(Files.readString(DOCKER.resolve("compose.yaml")))
        .contains(
            map(map(list(yaml(DOCKER.resolve("grafana/provisioning/dashboards/eddy.yaml"))
                            .get("providers"))
                        .get(0))
                    .get("options"))
                .get("path")
                .toString());
  }

  /**
   * Every metric name that the sources of jobs register: {@code .counter("name")}, {@code
   * .gauge("name"}.
   */
  private static Set<String> registeredNames() throws IOException {
    Pattern call = Pattern.compile("\\.(?:counter|gauge|histogram|meter)\\(\\s*\"([A-Za-z]+)\"");
    try (Stream<Path> files = Files.walk(ROOT.resolve("jobs/src/main/java"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .flatMap(
              file -> {
                try {
                  return call.matcher(Files.readString(file)).results().map(hit -> hit.group(1));
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              })
          .collect(Collectors.toSet());
    }
  }

  private static Map<String, Object> yaml(Path file) throws IOException {
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
  }

  private static Set<String> dependencies(Map<String, Object> service) {
    Object value = service.get("depends_on");
    return value instanceof Map ? map(value).keySet() : Set.copyOf(strings(value));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return value == null ? Map.of() : (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Object value) {
    return value == null ? List.of() : (List<Object>) value;
  }

  private static List<String> strings(Object value) {
    return list(value).stream().map(Object::toString).toList();
  }
}
