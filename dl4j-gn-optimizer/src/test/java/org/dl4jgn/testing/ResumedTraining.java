package org.dl4jgn.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jgn.GaussNewton;

/** A program that goes on with the training of saved models, run by a test in a JVM of its own. */
public final class ResumedTraining {

    private ResumedTraining() {}

    /**
     * Restores each model of a directory, trains it on {@link Small#iterator()} and saves it in its place.
     *
     * @param args the directory and the number of epochs
     */
    public static void main(String[] args) throws IOException {
        try (DirectoryStream<Path> models = Files.newDirectoryStream(Path.of(args[0]))) {
            for (Path model : models) {
                File file = model.toFile();
                MultiLayerNetwork net = GaussNewton.attach(ModelSerializer.restoreMultiLayerNetwork(file, true));
                net.fit(Small.iterator(), Integer.parseInt(args[1]));
                ModelSerializer.writeModel(net, file, true);
            }
        }
    }

    /**
     * Runs {@link #main} in a new JVM with this one's class path.
     *
     * @return what it printed, and its exit code if that is not 0
     */
    public static String inNewJvm(Path directory, int epochs) throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-cp",
                        classPath,
                        ResumedTraining.class.getName(),
                        directory.toString(),
                        String.valueOf(epochs))
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        int exit = process.waitFor();
        return exit == 0 ? printed : printed + "\nexit code " + exit;
    }
}
