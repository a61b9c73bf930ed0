/* SPDX-License-Identifier: MIT */
/* main - reads the environment once, sets up signals, and hands over to a command. */
#include "cli/cli.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_bool interrupted;
static volatile sig_atomic_t caught;

/* The first SIGINT or SIGTERM lets the run stop in order; a second one ends at once, and
 * so does the alarm: who waits for a pipe does not look at flags. */
static void on_interrupt(int sig)
{
	if (caught) {
		ff_output_abort_all();
		_exit(128 + sig);
	}
	caught = sig;
	atomic_store(&interrupted, true);
	alarm(1);
}

static void on_alarm(int sig)
{
	(void)sig;
	if (!caught)
		return;
	ff_output_abort_all();
	signal(caught, SIG_DFL);
	raise(caught);
}

/* A reader that went away is no error, but half-written files must go. */
static void on_pipe(int sig)
{
	ff_output_abort_all();
	signal(sig, SIG_DFL);
	raise(sig);
}

static void set_signals(void)
{
	struct sigaction sa;
	memset(&sa, 0, sizeof sa);
	sigemptyset(&sa.sa_mask);
	sa.sa_handler = on_interrupt;
	sa.sa_flags = SA_RESTART;
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	sa.sa_handler = on_alarm;
	sigaction(SIGALRM, &sa, NULL);
	sa.sa_handler = on_pipe;
	sigaction(SIGPIPE, &sa, NULL);
}

/* The words as a shell would need them. */
static char *quote_words(int argc, char **argv)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
		"-_=+.,:/@%";
	struct ff_buf b = FF_BUF_INIT;
	ff_buf_adds(&b, "flowfig");
	for (int i = 1; i < argc; i++) {
		const char *w = argv[i];
		ff_buf_addc(&b, ' ');
		if (*w && strspn(w, plain) == strlen(w)) {
			ff_buf_adds(&b, w);
			continue;
		}
		ff_buf_addc(&b, '\'');
		for (; *w; w++) {
			if (*w == '\'')
				ff_buf_adds(&b, "'\\''");
			else
				ff_buf_addc(&b, *w);
		}
		ff_buf_addc(&b, '\'');
	}
	char *s = b.failed ? NULL : ff_strdup(ff_buf_str(&b));
	ff_buf_release(&b);
	return s;
}

static const char *env_or(const char *name, const char *otherwise)
{
	const char *v = getenv(name);
	return v && *v ? v : otherwise;
}

static int cli_init(struct ff_cli *cli, int argc, char **argv)
{
	uint64_t epoch;
	const char *date = env_or("SOURCE_DATE_EPOCH", "");
	*cli = (struct ff_cli){.is_tty = isatty(STDERR_FILENO),
			       .interrupted = &interrupted};
	cli->scratch_dir = env_or("TMPDIR", "/tmp");
	cli->palette_dir = env_or("FLOWFIG_PALETTES", FF_PALETTES);
	cli->geo_path = env_or("FLOWFIG_GEO", NULL);
	cli->country_map = env_or("SILK_COUNTRY_CODES", NULL);
	cli->source_date_epoch = -1;
	if (ff_parse_u64(&epoch, date, strlen(date)) && epoch <= INT64_MAX)
		cli->source_date_epoch = (int64_t)epoch;
	cli->command_line = quote_words(argc, argv);
	return cli->command_line ? FF_OK : FF_ENOMEM;
}

static void print_version(void)
{
	struct ff_buf b = FF_BUF_INIT;
	ff_buf_adds(&b, "flowfig " FF_VERSION "\ncompression: ");
	ff_codec_list(&b);
	ff_buf_adds(&b, "\nformats:");
	for (size_t i = 0; ff_reader_at(i); i++)
		ff_buf_addf(&b, " %s", ff_reader_at(i)->name);
	ff_buf_adds(&b, "\nfigures:");
	for (size_t i = 0; ff_figure_at(i); i++)
		ff_buf_addf(&b, " %s", ff_figure_at(i)->name);
	ff_buf_addc(&b, '\n');
	fputs(ff_buf_str(&b), stdout);
	ff_buf_release(&b);
}

static int unknown_command(struct ff_cli *cli, const char *word)
{
	const char *near = ff_command_nearest(word);
	struct ff_err err;
	ff_fail(&err, FF_EUSAGE,
		near ? "unknown command '%s'; did you mean '%s'?"
		     : "unknown command '%s'; 'flowfig help' lists them",
		word, near);
	return ff_cli_fail(cli, &err);
}

static int dispatch(struct ff_cli *cli, int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : NULL;
	if (!word) {
		ff_command_help.run(cli, 0, NULL);
		return FF_EXIT_USAGE;
	}
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
		print_version();
		return FF_EXIT_OK;
	}
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
		return ff_command_help.run(cli, argc - 2, argv + 2);
	const struct ff_command *c = ff_command_find(word);
	const struct ff_figure_type *f = ff_figure_find(word);
	if (!c && !f)
		return unknown_command(cli, word);
	for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return ff_command_help.run(cli, 1, argv + 1);
	return c ? c->run(cli, argc - 2, argv + 2)
		 : ff_cli_figure(cli, f, argc - 2, argv + 2);
}

int main(int argc, char **argv)
{
	struct ff_cli cli;
	ff_alloc_large_pages();
	setlocale(LC_CTYPE, "C.UTF-8"); /* numbers stay in the C locale */
	set_signals();
	if (cli_init(&cli, argc, argv)) {
		fputs("flowfig: out of memory\n", stderr);
		return FF_EXIT_DATA;
	}
	int status = dispatch(&cli, argc, argv);
	if (status != FF_EXIT_USAGE && (fflush(stdout) != 0 || ferror(stdout))) {
		fprintf(stderr, "flowfig: cannot write standard output: %s\n",
			strerror(errno));
		status = FF_EXIT_DATA;
	}
	ff_free(cli.command_line);
	if (caught) { /* end as the shell expects of an interrupted program */
		signal(caught, SIG_DFL);
		raise(caught);
	}
	return status;
}
