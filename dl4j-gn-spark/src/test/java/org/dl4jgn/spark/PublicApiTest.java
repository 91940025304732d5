package org.dl4jgn.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The public API is the one that {@code public-api.txt} lists, so that it changes knowingly: what {@code javap} prints of the public
 * types of the package. After a change that is meant, {@code mvn -pl dl4j-gn-spark -am test -Dtest=PublicApiTest -Dapi.update=true}
 * writes the list anew; its difference belongs to the change, and to the changelog where users see it.
 */
class PublicApiTest {

    private static final Path LIST = Path.of("src", "test", "resources", "public-api.txt");

    private static List<String> lines() throws IOException, URISyntaxException {
        Path classes = Path.of(SparkGaussNewton.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path folder = classes.resolve(SparkGaussNewton.class.getPackageName().replace('.', '/'));
        try (Stream<Path> files = Files.list(folder)) {
            String[] names = files.filter(file -> file.toString().endsWith(".class"))
                    .map(Path::toString)
                    .sorted()
                    .toArray(String[]::new);
            return printed(names);
        }
    }

    private static List<String> printed(String... classes) {
        String[] arguments =
                Stream.concat(Stream.of("-protected"), Stream.of(classes)).toArray(String[]::new);
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();
        int exit = ToolProvider.findFirst("javap")
                .orElseThrow()
                .run(new PrintWriter(out, true), new PrintWriter(errors, true), arguments);
        assertEquals(0, exit, errors::toString);
        // each type ends with a brace in a line of its own
        return Stream.of(out.toString().split("(?<=\n})\\R"))
                .map(type -> type.replaceFirst("(?s)^(\\s*Compiled from[^\n]*\n)", ""))
                .filter(type -> type.startsWith("public "))
                .flatMap(String::lines)
                .toList();
    }

    @Test
    void isTheOneThatIsListed() throws IOException, URISyntaxException {
        List<String> now = lines();
        if (Boolean.parseBoolean(System.getProperty("api.update"))) {
            Files.write(LIST, now);
        }
        assertEquals(
                String.join("\n", Files.readAllLines(LIST)),
                String.join("\n", now),
                "public-api.txt is not the public API; if the change is meant, run this test with -Dapi.update=true");
        assertTrue(now.stream().anyMatch(line -> line.contains("class org.dl4jgn.spark.SparkGaussNewton")));
    }
}
