package org.dl4jgn.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The public API is the one that {@code public-api.txt} lists, so that it changes knowingly. After a change that is meant,
 * {@code mvn -pl dl4j-gn-optimizer test -Dtest=PublicApiTest -Dapi.update=true} writes the list anew; its difference belongs to the
 * change, and to the changelog where users see it.
 */
class PublicApiTest {

    private static final Path LIST = Path.of("src", "test", "resources", "public-api.txt");

    /** What japicmp compares with the last release; all else follows from it. */
    private static final List<String> INCLUDED = included();

    private static final List<String> LINES = new PublicApi(
                    INCLUDED.stream().filter(name -> !isType(name)).toList(),
                    INCLUDED.stream()
                            .filter(PublicApiTest::isType)
                            .map(PublicApiTest::type)
                            .toList())
            .lines();

    private static List<String> included() {
        try {
            return Pattern.compile("<include>(org\\.dl4jgn.*)</include>")
                    .matcher(Files.readString(Path.of("pom.xml")))
                    .results()
                    .map(include -> include.group(1).replace('*', '$'))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isType(String name) {
        return Character.isUpperCase(name.charAt(name.lastIndexOf('.') + 1));
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError("pom.xml includes " + name + " in the public API, and there is none", e);
        }
    }

    /** A type that a signature names, and that is not compared, could change without a word. */
    @Test
    void allOfItIsComparedWithTheLastRelease() {
        List<String> missing = LINES.stream()
                .filter(line -> !line.startsWith(" "))
                .map(PublicApiTest::name)
                .filter(name -> !isIncluded(name))
                .toList();
        assertEquals(List.of(), missing, "signatures name these: an <include> for each in pom.xml, beside the others");
    }

    private static String name(String line) {
        Matcher name = Pattern.compile("org\\.dl4jgn[\\w.$]*").matcher(line);
        assertTrue(name.find(), line);
        return name.group();
    }

    /** By itself, with the type that it is in, or with its package. */
    private static boolean isIncluded(String name) {
        int nested = name.lastIndexOf('$');
        return INCLUDED.contains(name)
                || (nested < 0
                        ? INCLUDED.contains(name.substring(0, name.lastIndexOf('.')))
                        : isIncluded(name.substring(0, nested)));
    }

    @Test
    void isTheOneThatIsListed() throws IOException {
        if (Boolean.parseBoolean(System.getProperty("api.update"))) {
            Files.write(LIST, LINES);
        }
        List<String> listed = Files.readAllLines(LIST);
        assertEquals(
                List.of(),
                difference(LINES, listed, "new: ", "gone: "),
                "public-api.txt is not the public API; if the change is meant, run this test with -Dapi.update=true");
        assertEquals(listed, LINES);
    }

    @Test
    void holdsWhatUsersCall() {
        for (String start : List.of(
                "public final class org.dl4jgn.GaussNewton",
                "    public static org.dl4jgn.conf.Sgn$Builder org.dl4jgn.conf.Sgn.builder()",
                "public abstract interface org.dl4jgn.translate.LayerTranslator")) {
            assertTrue(LINES.stream().anyMatch(line -> line.startsWith(start)), start);
        }
    }

    private static List<String> difference(List<String> now, List<String> before, String added, String removed) {
        Set<String> differences = new TreeSet<>();
        now.stream().filter(line -> !before.contains(line)).forEach(line -> differences.add(added + line.strip()));
        before.stream().filter(line -> !now.contains(line)).forEach(line -> differences.add(removed + line.strip()));
        return List.copyOf(differences);
    }
}
