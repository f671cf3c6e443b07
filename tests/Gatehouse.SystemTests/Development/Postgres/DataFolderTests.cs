using System.Globalization;
using Gatehouse.Development.Postgres;
using static System.IO.UnixFileMode;

namespace Gatehouse.SystemTests.Development.Postgres;

public sealed class DataFolderTests : IDisposable
{
    private const string Address = "http://localhost:8080";

    private readonly TemporaryFolder place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public async Task A_second_opener_is_told_who_holds_the_folder_and_where_it_serves()
    {
        using var first = NewFolder();
        using var second = NewFolder();

        Assert.Null(await first.OpenAsync(Address, CancellationToken.None));
        var rejection = await second.OpenAsync("http://localhost:8081", CancellationToken.None);

        Assert.NotNull(rejection);
        Assert.Contains(
            $"process {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}",
            rejection.Problem,
            StringComparison.Ordinal
        );
        Assert.Contains(Address, rejection.Problem, StringComparison.Ordinal);
        Assert.Contains("PORT=8081 DATA=", rejection.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rejected_opener_leaves_the_holders_lock_and_name_alone()
    {
        using var first = NewFolder();
        Assert.Null(await first.OpenAsync(Address, CancellationToken.None));

        for (var round = 0; round < 2; round++)
        {
            using var other = NewFolder();
            Assert.Contains(
                Address,
                (await other.OpenAsync("http://localhost:8081", CancellationToken.None))!.Problem,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task Out_of_many_openers_at_once_one_gets_the_folder()
    {
        var folders = Enumerable.Range(0, 8).Select(_ => NewFolder()).ToList();

        var faults = await Task.WhenAll(folders.Select(folder => Task.Run(() => folder.OpenAsync(Address, CancellationToken.None))));

        Assert.Single(faults, fault => fault is null);
        folders.ForEach(folder => folder.Dispose());
    }

    [Fact]
    public async Task A_folder_that_was_let_go_opens_again()
    {
        using (var first = NewFolder())
            Assert.Null(await first.OpenAsync(Address, CancellationToken.None));
        using var second = NewFolder();

        Assert.Null(await second.OpenAsync(Address, CancellationToken.None));
    }

    [Fact]
    public async Task A_folder_with_other_files_is_left_alone()
    {
        Directory.CreateDirectory(place.FullPath);
        await File.WriteAllTextAsync(Path.Combine(place.FullPath, "letter.txt"), "mine");
        var mode = File.GetUnixFileMode(place.FullPath);
        using var folder = NewFolder();

        var rejection = await folder.OpenAsync(Address, CancellationToken.None);

        Assert.Contains("is not a data folder of Gatehouse", rejection!.Problem, StringComparison.Ordinal);
        Assert.Equal(mode, File.GetUnixFileMode(place.FullPath));
        Assert.Equal(["letter.txt"], Directory.EnumerateFileSystemEntries(place.FullPath).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_file_in_the_folders_place_is_rejected_in_words()
    {
        await File.WriteAllTextAsync(place.FullPath, "");
        using var folder = NewFolder();

        var rejection = await folder.OpenAsync(Address, CancellationToken.None);

        Assert.Contains(place.FullPath, rejection!.Problem, StringComparison.Ordinal);
        File.Delete(place.FullPath);
    }

    [Fact]
    public async Task Nobody_else_can_list_the_folder_or_read_its_files()
    {
        using var folder = NewFolder();
        Assert.Null(await folder.OpenAsync(Address, CancellationToken.None));
        folder.ReadOrCreateMasterKey();

        Assert.Equal(None, File.GetUnixFileMode(place.FullPath) & (GroupRead | GroupWrite | OtherRead | OtherWrite));
        Assert.All(Directory.EnumerateFiles(place.FullPath), file => Assert.Equal(UserRead | UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task The_master_key_is_made_once_and_kept()
    {
        using var folder = NewFolder();
        Assert.Null(await folder.OpenAsync(Address, CancellationToken.None));

        var made = folder.ReadOrCreateMasterKey();

        Assert.Equal(32, made.Length);
        Assert.Equal(made, folder.ReadOrCreateMasterKey());
    }

    [Theory]
    [InlineData("")]
    [InlineData("c2hvcnQ=")]
    [InlineData("not base64 at all")]
    public async Task A_master_key_that_was_spoilt_is_never_replaced(string content)
    {
        using var folder = NewFolder();
        Assert.Null(await folder.OpenAsync(Address, CancellationToken.None));
        await File.WriteAllTextAsync(folder.MasterKeyFile, content);

        Assert.Throws<InvalidDataException>(folder.ReadOrCreateMasterKey);
        Assert.Equal(content, await File.ReadAllTextAsync(folder.MasterKeyFile));
    }

    private DataFolder NewFolder() => new(place.FullPath, TimeProvider.System);
}
