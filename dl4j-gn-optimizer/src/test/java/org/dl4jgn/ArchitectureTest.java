package org.dl4jgn;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of packages in docs/architecture.md is what the code imports. */
class ArchitectureTest {

    private static final String ROOT = "org.dl4jgn";
    private static final Pattern ROW = Pattern.compile("\\| `([\\w.]+)` \\|.*\\|([^|]*)\\|");
    private static final Pattern NAME = Pattern.compile("`([\\w.]+)`");

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(ROOT);
    }

    /** Package to the packages that it may import, as the page has them. */
    private static Map<String, Set<String>> table() {
        Map<String, Set<String>> table = new TreeMap<>();
        String page;
        try {
            page = Files.readString(Path.of("..", "docs", "architecture.md"));
        } catch (IOException e) {
            throw new AssertionError("docs/architecture.md is read from the module's folder", e);
        }
        String section = page.substring(page.indexOf("## Packages"), page.indexOf("## Notation"));
        section.lines().map(ROW::matcher).filter(Matcher::matches).forEach(row -> {
            Set<String> imports = new TreeSet<>();
            Matcher names = NAME.matcher(row.group(2));
            while (names.find()) {
                imports.add(full(names.group(1)));
            }
            table.put(full(row.group(1)), imports);
        });
        return table;
    }

    private static String full(String name) {
        return name.equals(ROOT) ? ROOT : ROOT + "." + name;
    }

    static Stream<String> packages() {
        return table().keySet().stream();
    }

    @Test
    void everyPackageHasItsRow() {
        Set<String> found = new TreeSet<>();
        classes.forEach(c -> found.add(c.getPackageName()));
        assertEquals(found, table().keySet());
    }

    @ParameterizedTest
    @MethodSource("packages")
    void packageImportsWhatItsRowNames(String name) {
        String[] others = table().keySet().stream()
                .filter(other -> !other.equals(name))
                .filter(other -> !table().get(name).contains(other))
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(name)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .check(classes);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void rowNamesOnlyWhatThePackageImports(String name) {
        Set<String> imported = new TreeSet<>();
        classes.stream()
                .filter(c -> c.getPackageName().equals(name))
                .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
                .forEach(d -> imported.add(d.getTargetClass().getPackageName()));
        Set<String> named = new TreeSet<>(table().get(name));
        named.removeAll(imported);
        assertTrue(named.isEmpty(), () -> name + " does not import " + named);
    }

    @Test
    void importsRunOneWay() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void networksOfDl4jAreKnownToSeamsAndTranslatorsAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT, ROOT + ".dl4j", ROOT + ".translate")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(MultiLayerNetwork.class)
                .check(classes);
    }
}
