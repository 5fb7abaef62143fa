// Command gobuild compiles the Go files of the working directory into the program OUTPUT, with the compiler and the
// linker alone: "go build" would compile the standard library again, as a cell has no cache.
//
//	gobuild [-test | -call] OUTPUT
package main

import (
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/template"
	"unicode"
	"unicode/utf8"
)

const (
	// Where the Dockerfile puts the packages that programs may import, compiled, and the list of them.
	importConfig = "/usr/local/lib/go-packages/importcfg"
	tools        = "/usr/lib/go/pkg/tool/linux_amd64/"
	// The import path of a package under test.
	submission = "submission"
)

// As "go test" writes it, less benchmarks, examples and fuzzing.
var testMain = template.Must(template.New("").Parse(`package main

import (
	"os"
	"testing"
	"testing/internal/testdeps"

	tested "` + submission + `"
)

func main() {
	m := testing.MainStart(testdeps.TestDeps{}, []testing.InternalTest{
{{- range .}}{{if ne . "TestMain"}}
		{"{{.}}", tested.{{.}}},
{{- end}}{{end}}
	}, nil, nil, nil)
{{- range .}}{{if eq . "TestMain"}}
	tested.TestMain(m)
{{- end}}{{end}}
	os.Exit(m.Run())
}
`))

func main() {
	test := flag.Bool("test", false, "compile the package's tests")
	call := flag.Bool("call", false, "compile the package with the driver that calls its entry point")
	flag.Parse()
	var err error
	if *test {
		err = buildTests(flag.Arg(0))
	} else if *call {
		err = buildCalled(flag.Arg(0))
	} else {
		err = buildProgram(flag.Arg(0))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func buildProgram(output string) error {
	found, err := build.Default.ImportDir(".", 0)
	if err != nil {
		return err
	}
	if found.Name != "main" {
		return fmt.Errorf("package %s is not a main package", found.Name)
	}
	object := filepath.Join(os.TempDir(), "main.a")
	if err := compile("main", object, importConfig, found.GoFiles); err != nil {
		return err
	}
	return link(output, importConfig, object)
}

func buildTests(output string) error {
	found, err := build.Default.ImportDir(".", 0)
	var none *build.NoGoError
	if err != nil && !errors.As(err, &none) {
		return err
	}
	if len(found.TestGoFiles) == 0 {
		return errors.New("no test file of the package itself")
	}
	names, err := testNames(found.TestGoFiles)
	if err != nil {
		return err
	}
	object := filepath.Join(os.TempDir(), "submission.a")
	if err := compile(submission, object, importConfig, append(found.GoFiles, found.TestGoFiles...)); err != nil {
		return err
	}
	source := filepath.Join(os.TempDir(), "main.go")
	file, err := os.Create(source)
	if err != nil {
		return err
	}
	if err := errors.Join(testMain.Execute(file, names), file.Close()); err != nil {
		return err
	}
	return buildAround(output, object, source)
}

// buildAround makes a program of the main package in source and the submission that it imports.
func buildAround(output, object, source string) error {
	config, err := os.ReadFile(importConfig)
	if err != nil {
		return err
	}
	extended := filepath.Join(os.TempDir(), "importcfg")
	config = append(config, "packagefile "+submission+"="+object+"\n"...)
	if err := os.WriteFile(extended, config, 0o600); err != nil {
		return err
	}
	runner := filepath.Join(os.TempDir(), "main.a")
	if err := compile("main", runner, extended, []string{source}); err != nil {
		return err
	}
	return link(output, extended, runner)
}

// buildCalled compiles the package, with a file more that names the entry point, and the driver's main package. The
// driver's files end in ".in", so that they are no part of the package.
func buildCalled(output string) error {
	found, err := build.Default.ImportDir(".", 0)
	if err != nil {
		return err
	}
	entry, err := os.ReadFile("assay_entry.go.in")
	if err != nil {
		return err
	}
	driver, err := os.ReadFile("assay_driver.go.in")
	if err != nil {
		return err
	}
	entrySource, driverSource := filepath.Join(os.TempDir(), "assay_entry.go"), filepath.Join(os.TempDir(), "main.go")
	entry = append([]byte("package "+found.Name+"\n"), entry...)
	if err := errors.Join(os.WriteFile(entrySource, entry, 0o600), os.WriteFile(driverSource, driver, 0o600)); err != nil {
		return err
	}
	object := filepath.Join(os.TempDir(), "submission.a")
	if err := compile(submission, object, importConfig, append(found.GoFiles, entrySource)); err != nil {
		return err
	}
	return buildAround(output, object, driverSource)
}

// testNames gives the names of the test functions in the files.
func testNames(files []string) ([]string, error) {
	var names []string
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, declaration := range file.Decls {
			if function, ok := declaration.(*ast.FuncDecl); ok && isTest(function) {
				names = append(names, function.Name.Name)
			}
		}
	}
	return names, nil
}

func isTest(function *ast.FuncDecl) bool {
	rest, ok := strings.CutPrefix(function.Name.Name, "Test")
	first, _ := utf8.DecodeRuneInString(rest)
	return ok && (rest == "" || !unicode.IsLower(first)) && function.Recv == nil && function.Type.Params.NumFields() == 1
}

func compile(path, output, config string, files []string) error {
	arguments := []string{"-p", path, "-complete", "-pack", "-trimpath", os.TempDir(), "-importcfg", config, "-o", output}
	return run("compile", append(arguments, files...))
}

func link(output, config, object string) error {
	// Without symbol tables and debugging information: tracebacks do not need them.
	return run("link", []string{"-s", "-w", "-importcfg", config, "-o", output, object})
}

func run(tool string, arguments []string) error {
	command := exec.Command(tools+tool, arguments...)
	command.Stdout, command.Stderr = os.Stderr, os.Stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s: %w", tool, err)
	}
	return nil
}
