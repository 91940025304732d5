package org.dl4jgn.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.dl4jgn.autodiff.TangentRules;
import org.dl4jgn.curvature.Linearization;
import org.dl4jgn.loss.JointLoss;
import org.dl4jgn.loss.OutputLosses;
import org.dl4jgn.loss.PointwiseLoss;
import org.dl4jgn.optimize.Directions;
import org.dl4jgn.optimize.TrainingStoppedException;
import org.dl4jgn.translate.ActivationTranslators;
import org.dl4jgn.translate.LayerTranslators;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.dl4jgn.translate.VertexTranslators;
import org.junit.jupiter.api.Test;

/**
 * The public API is the one that {@code public-api.txt} lists, so that it changes knowingly. After a change that is meant,
 * {@code mvn -pl dl4j-gn-optimizer test -Dtest=PublicApiTest -Dapi.update=true} writes the list anew; its difference belongs to the
 * change, and to the changelog where users see it.
 */
class PublicApiTest {

    private static final Path LIST = Path.of("src", "test", "resources", "public-api.txt");

    private static final List<String> LINES = new PublicApi(
                    List.of("org.dl4jgn", "org.dl4jgn.conf", "org.dl4jgn.samediff", "org.dl4jgn.leastsquares"),
                    List.of(
                            Linearization.class,
                            Directions.class,
                            TrainingStoppedException.class,
                            LayerTranslators.class,
                            VertexTranslators.class,
                            ActivationTranslators.class,
                            UnsupportedNetworkException.class,
                            OutputLosses.class,
                            PointwiseLoss.class,
                            JointLoss.class,
                            TangentRules.class))
            .lines();

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
