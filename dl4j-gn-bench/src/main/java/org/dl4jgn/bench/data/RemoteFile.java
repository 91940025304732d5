package org.dl4jgn.bench.data;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The public source of a data file.
 *
 * @param uri where it is
 * @param sha256 of its contents: of the member where it is an archive, after gzip where it is gzipped
 * @param size of the same
 */
public record RemoteFile(URI uri, String sha256, long size) {

    private static final Map<String, RemoteFile> KNOWN = new HashMap<>();
    private static final Map<String, String> PAGES = Map.of(
            "cifar10", "https://www.cs.toronto.edu/~kriz/cifar.html (binary version)",
            "superconductivity", "https://archive.ics.uci.edu/dataset/464 (its train.csv)",
            "imdb", "https://ai.stanford.edu/~amaas/data/sentiment (its folder aclImdb)");

    static {
        String mnist = "https://ossci-datasets.s3.amazonaws.com/mnist/";
        add(
                "mnist/train-images-idx3-ubyte",
                mnist + "train-images-idx3-ubyte.gz",
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                47_040_016);
        add(
                "mnist/train-labels-idx1-ubyte",
                mnist + "train-labels-idx1-ubyte.gz",
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                60_008);
        add(
                "mnist/t10k-images-idx3-ubyte",
                mnist + "t10k-images-idx3-ubyte.gz",
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                7_840_016);
        add(
                "mnist/t10k-labels-idx1-ubyte",
                mnist + "t10k-labels-idx1-ubyte.gz",
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
                10_008);
        String fashion = "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/";
        add(
                "fashion-mnist/train-images-idx3-ubyte",
                fashion + "train-images-idx3-ubyte.gz",
                "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                47_040_016);
        add(
                "fashion-mnist/train-labels-idx1-ubyte",
                fashion + "train-labels-idx1-ubyte.gz",
                "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                60_008);
        add(
                "fashion-mnist/t10k-images-idx3-ubyte",
                fashion + "t10k-images-idx3-ubyte.gz",
                "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                7_840_016);
        add(
                "fashion-mnist/t10k-labels-idx1-ubyte",
                fashion + "t10k-labels-idx1-ubyte.gz",
                "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
                10_008);
        add(
                "boston/boston_house_prices.csv",
                "https://raw.githubusercontent.com/scikit-learn/scikit-learn/1.1.X/sklearn/datasets/data/"
                        + "boston_house_prices.csv",
                "d98212636026544fc9b9c0f372e5f819872e6fa6fa757ab025efdda22180f2d6",
                34_742);
        add(
                "california-housing/cal_housing.data",
                "https://raw.githubusercontent.com/we-b/datasets_for_ai/51e00cd162ca602c528f114e7d55a0a36803832f/"
                        + "cal_housing.data",
                "a2b44dcc7e1c9091b43c4f458b25cbd1f7e8068d08edd26bc4703108d3fa6214",
                2_071_484);
        add(
                "diamonds/diamonds.csv",
                "https://raw.githubusercontent.com/mwaskom/seaborn-data/master/diamonds.csv",
                "9574730b03aba241d899c4a97511c5061b19358fab89510774fb6c24168345c4",
                2_772_143);
        String sine =
                "https://raw.githubusercontent.com/gmatilde/SGN/5b3b0d749d92676abad712b8f921cf3c42d565e3/scripts/";
        add(
                "sine/sinusoidal_data_10.0_0.01.json",
                sine + "sinusoidal_data_10.0_0.01.json",
                "2ca65f8e5806d172aac50681fcf830ee92b2c29dd5725bce12d76a88bed7ab30",
                434_484);
        add(
                "sine/sinusoidal_data_100.0_0.01.json",
                sine + "sinusoidal_data_100.0_0.01.json",
                "ff4e4063202f3b24d13f24de9da1e42712572977ba46012aa3ea961cd269ca5d",
                433_839);
    }

    private static void add(String name, String uri, String sha256, long size) {
        KNOWN.put(name, new RemoteFile(URI.create(uri), sha256, size));
    }

    /** The source of a file, named relative to a data folder. */
    public static Optional<RemoteFile> of(String name) {
        return Optional.ofNullable(KNOWN.get(name));
    }

    /** Whether contents are those of some public file, to the bit. */
    public static boolean isPublic(String sha256) {
        return KNOWN.values().stream().anyMatch(known -> known.sha256.equals(sha256));
    }

    /** Where a person finds it, and what else belongs to the set. */
    static String hint(String name) {
        String set = name.substring(0, name.indexOf('/') + 1);
        RemoteFile known = KNOWN.get(name);
        String page = known == null ? PAGES.getOrDefault(set.replace("/", ""), "") : known.uri.toString();
        String others = KNOWN.keySet().stream()
                .filter(other -> other.startsWith(set) && !other.equals(name) && !set.equals("sine/"))
                .sorted()
                .collect(Collectors.joining(", "));
        return (page.isEmpty() ? "" : "; it is at " + page)
                + (known == null || others.isEmpty() ? "" : "; the set has " + others + " as well");
    }
}
