package org.dl4jgn.bench.problem;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dl4jgn.bench.data.DataFolders;
import org.dl4jgn.bench.data.Examples;
import org.dl4jgn.tables.DataException;
import org.dl4jgn.tables.DataFile;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * IMDB reviews, liked or not. Each word falls in one of {@value #BINS} bins by its hash; the features are (1 + ln count) ·
 * ln(reviews / reviews with the bin), of length 1 for each review, times one number for all that makes their mean square 1
 * over the training reviews. (The EGN paper averages word vectors of a language model, which would be a download of 600 MB.)
 */
final class ReviewData {

    /** Inputs. */
    static final int BINS = 1024;

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}']+");
    private static final int GOLDEN = 0x9E3779B9;

    private ReviewData() {}

    static LoadedData load(DataFolders folders) throws IOException {
        DataFile trainFile = folders.require("imdb/imdb_train.tsv");
        DataFile testFile = folders.require("imdb/imdb_test.tsv");
        Reviews train = Reviews.read(trainFile);
        Reviews test = Reviews.read(testFile);
        double[] weights = train.inverseFrequencies();
        INDArray features = train.features(weights);
        double scale = 1 / Math.sqrt(features.mul(features).meanNumber().doubleValue());
        Examples examples = new Examples(
                features.muli(scale), train.labels, test.features(weights).muli(scale), test.labels);
        return LoadedData.of(
                examples,
                Task.BINARY,
                1,
                List.of(trainFile, testFile),
                "words hashed to " + BINS + " bins, TF-IDF (the paper has averaged word vectors instead)");
    }

    /** Bins with counts, one map a review. */
    private record Reviews(List<Map<Integer, Integer>> counts, INDArray labels) {

        static Reviews read(DataFile file) throws DataException {
            List<String> lines = List.of(file.text().split("\n"));
            if (lines.size() < 2 || !lines.get(0).startsWith("label\t")) {
                throw new DataException(file.path() + " is not a table of reviews: its first line is not label, rating,"
                        + " text, separated by tabs.");
            }
            List<String> rows = lines.subList(1, lines.size());
            INDArray labels = Nd4j.zeros(DataType.FLOAT, rows.size(), 1);
            for (int i = 0; i < rows.size(); i++) {
                if (rows.get(i).startsWith("1\t")) {
                    labels.putScalar(i, 0, 1);
                } else if (!rows.get(i).startsWith("0\t")) {
                    throw new DataException(
                            file.path() + " is damaged: line " + (i + 2) + " has no label 0 or 1; get it again.");
                }
            }
            return new Reviews(
                    rows.parallelStream()
                            .map(row -> count(row.substring(row.indexOf('\t', 2) + 1)))
                            .toList(),
                    labels);
        }

        private static Map<Integer, Integer> count(String review) {
            Map<Integer, Integer> counts = new HashMap<>();
            Matcher words = WORD.matcher(review.replace("<br />", " ").toLowerCase(Locale.ROOT));
            while (words.find()) {
                int bin = (words.group().hashCode() * GOLDEN) >>> (Integer.SIZE - 10);
                counts.merge(bin, 1, Integer::sum);
            }
            return counts;
        }

        double[] inverseFrequencies() {
            double[] weights = new double[BINS];
            counts.forEach(review -> review.keySet().forEach(bin -> weights[bin]++));
            for (int bin = 0; bin < BINS; bin++) {
                weights[bin] = Math.log((1 + counts.size()) / (1 + weights[bin]));
            }
            return weights;
        }

        INDArray features(double[] weights) {
            float[] all = new float[counts.size() * BINS];
            for (int i = 0; i < counts.size(); i++) {
                float[] row = new float[BINS];
                double square = 0;
                for (Map.Entry<Integer, Integer> entry : counts.get(i).entrySet()) {
                    double value = (1 + Math.log(entry.getValue())) * weights[entry.getKey()];
                    row[entry.getKey()] = (float) value;
                    square += value * value;
                }
                float scale = square > 0 ? (float) (1 / Math.sqrt(square)) : 0;
                for (int bin = 0; bin < BINS; bin++) {
                    row[bin] *= scale;
                }
                System.arraycopy(row, 0, all, i * BINS, BINS);
            }
            return Nd4j.createFromArray(all).reshape(counts.size(), BINS);
        }
    }
}
