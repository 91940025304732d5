package org.dl4jgn.bench.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dl4jgn.tables.DataException;
import org.dl4jgn.tables.DataFile;
import org.jspecify.annotations.Nullable;

/**
 * Where the data sets are. Files are looked for in the folder the user names, then in that of the system property
 * {@value #PROPERTY}, then in that of the environment variable {@value #VARIABLE}, then in a cache in the home directory, then
 * in {@code ../shared/data} beside the project; what is nowhere is downloaded to the cache.
 */
public final class DataFolders {

    /** The system property that names a folder. */
    public static final String PROPERTY = "dl4jgn.data";

    /** The environment variable that names a folder. */
    public static final String VARIABLE = "DL4JGN_DATA";

    private final List<Path> folders;
    private final Path cache;
    private final @Nullable Fetcher fetcher;

    /** What the user named, if there is no such folder: nothing else is looked into then. */
    private final @Nullable Path absent;

    /** Brings a file that is nowhere, or says why it cannot. */
    public interface Fetcher {

        /**
         * Downloads to a file.
         *
         * @throws IOException if there is no connection, or what came is not what is expected
         */
        void fetch(RemoteFile remote, Path target) throws IOException;
    }

    private DataFolders(List<Path> folders, Path cache, @Nullable Fetcher fetcher, @Nullable Path absent) {
        this.absent = absent;
        this.folders = folders;
        this.cache = cache;
        this.fetcher = fetcher;
    }

    /**
     * All of the usual places.
     *
     * @param named folder that the user names, before all others
     * @param fetcher for files that are nowhere; null for none
     */
    public static DataFolders standard(@Nullable Path named, @Nullable Fetcher fetcher) {
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "dl4j-gn");
        List<Path> folders = Stream.of(
                        Optional.ofNullable(named),
                        Optional.ofNullable(System.getProperty(PROPERTY))
                                .filter(text -> !text.isBlank())
                                .map(Path::of),
                        Optional.ofNullable(System.getenv(VARIABLE))
                                .filter(text -> !text.isBlank())
                                .map(Path::of),
                        Optional.of(cache),
                        Optional.of(Path.of("../shared/data")),
                        Optional.of(Path.of("../../shared/data")))
                .flatMap(Optional::stream)
                .filter(Files::isDirectory)
                .toList();
        return new DataFolders(folders, cache, fetcher, named != null && !Files.isDirectory(named) ? named : null);
    }

    /** One folder alone, nothing downloaded. */
    public static DataFolders only(Path folder) {
        return new DataFolders(List.of(folder), folder, null, null);
    }

    /** The first file of these names, relative to a folder such as "mnist/train-labels-idx1-ubyte", plain or gzipped. */
    public Optional<Path> find(String... names) {
        return folders.stream()
                .flatMap(folder -> Stream.of(names).flatMap(name -> places(folder, name)))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** The first folder of this name. */
    public Optional<Path> folder(String name) {
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isDirectory)
                .findFirst();
    }

    /** In the folder, or, where the folder is that of this data set, right in it. */
    private static Stream<Path> places(Path folder, String name) {
        List<Path> places = new ArrayList<>(both(folder, name));
        int slash = name.indexOf('/');
        Path own = folder.toAbsolutePath().normalize().getFileName();
        if (slash > 0 && own != null && own.toString().equals(name.substring(0, slash))) {
            places.addAll(both(folder, name.substring(slash + 1)));
        }
        return places.stream();
    }

    private static List<Path> both(Path folder, String name) {
        return List.of(folder.resolve(name), folder.resolve(name + ".gz"));
    }

    /**
     * Reads the first file of these names, downloading it if it is nowhere and has a public source.
     *
     * @throws DataException if it is nowhere or damaged; the message says which file to put where
     */
    public DataFile require(String... names) throws DataException {
        if (absent != null) {
            throw new DataException("The data folder " + absent + " does not exist: put " + String.join(" or ", names)
                    + " (plain or .gz) into it, under this name" + RemoteFile.hint(names[0]) + ".");
        }
        Optional<Path> found = find(names);
        return DataFile.read(found.isPresent() ? found.get() : fetched(names));
    }

    private Path fetched(String... names) throws DataException {
        String why = "this tool knows no source to download it from";
        for (String name : names) {
            Optional<RemoteFile> remote = RemoteFile.of(name);
            if (remote.isPresent() && fetcher != null) {
                Path target = cache.resolve(name);
                try {
                    fetcher.fetch(remote.get(), target);
                    return target;
                } catch (IOException e) {
                    why = "the download from " + remote.get().uri().getHost() + " failed (" + reason(e) + ")";
                }
            } else if (remote.isPresent()) {
                why = "downloads are switched off";
            }
        }
        throw missing(why, names);
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private DataException missing(String why, String... names) {
        String places = folders.stream().map(Path::toString).collect(Collectors.joining(", "));
        return new DataException("There is no " + String.join(" or ", names) + " (plain or .gz)"
                + (places.isEmpty() ? "" : " in " + places) + " and " + why + ": put it into " + cache
                + " under this name, or name the folder that has it with --data, -D" + PROPERTY + " or " + VARIABLE
                + RemoteFile.hint(names[0]) + ".");
    }
}
