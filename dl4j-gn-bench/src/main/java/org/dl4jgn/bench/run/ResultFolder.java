package org.dl4jgn.bench.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dl4jgn.bench.problem.Identity;
import org.dl4jgn.bench.problem.Workload;

/**
 * The folder for runs and tuning of a problem. It belongs to one {@link Identity} of data and network, which its
 * {@value #FILE} holds; a problem of the same name on other data has a folder of its own beside it, so that nothing is
 * mixed, or taken for done.
 *
 * @param results the folder of all results
 * @param name of the folder in it
 * @param isApart whether the name of the problem alone was taken by other data or another network
 */
public record ResultFolder(Path results, String name, boolean isApart) {

    private static final String FILE = "identity.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The folder for a problem, made if it is not there.
     *
     * @throws IOException if it cannot be written to; the message says what to do
     */
    public static ResultFolder of(Path results, String problem, Workload workload) throws IOException {
        Identity identity = workload.identity();
        String apart = problem + "-" + identity.digits();
        for (String name : List.of(problem, apart)) {
            Path folder = writable(results.resolve(name));
            if (isOf(folder, workload)) {
                JSON.writerWithDefaultPrettyPrinter()
                        .writeValue(folder.resolve(FILE).toFile(), identity);
                return new ResultFolder(results, name, name.equals(apart));
            }
        }
        throw new IOException(results.resolve(apart) + " holds results of other data: give another folder by --out");
    }

    private static Path writable(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (FileSystemException e) {
            throw new IOException(
                    folder + " cannot be made (" + reason(e) + "): give another folder for the results by --out", e);
        }
        if (!Files.isWritable(folder)) {
            throw new IOException(folder + " cannot be written to: give another folder for the results by --out");
        }
        return folder;
    }

    private static String reason(FileSystemException e) {
        if (e instanceof FileAlreadyExistsException) {
            return e.getFile() + " is a file";
        }
        if (e instanceof AccessDeniedException) {
            return "access is denied";
        }
        return e.getReason() == null ? "the file system allows none there" : e.getReason();
    }

    /** Folders from before there were identities are known by the files of their first run. */
    private static boolean isOf(Path folder, Workload workload) throws IOException {
        Path file = folder.resolve(FILE);
        if (Files.exists(file)) {
            try {
                return JSON.readValue(file.toFile(), Identity.class).equals(workload.identity());
            } catch (JsonProcessingException e) {
                throw new IOException(
                        file + " is damaged: " + e.getOriginalMessage() + "; give another folder by --out", e);
            }
        }
        return RunStore.in(folder).runs().stream()
                .findFirst()
                .map(run -> digests(run.files()).equals(digests(workload.files())))
                .orElse(true);
    }

    private static List<String> digests(List<Workload.Source> files) {
        return files.stream().map(Workload.Source::sha256).toList();
    }
}
