using Gatehouse.Identity.Data;
using Gatehouse.Tests.Docs;

namespace Gatehouse.Tests.Identity.Data;

public class UserRowsTests
{
    // Nodes follow sessions to learn what was revoked, until they are purged; rows of files go once the store has removed them; the last is
    // what says that there was somebody.
    private static readonly string[] OutliveTheUser = ["identity.sessions", "identity.files", "identity.erased_users"];

    [Fact]
    public async Task Every_table_that_knows_a_user_is_emptied_of_who_is_erased()
    {
        var schema = await File.ReadAllLinesAsync(
            Path.Combine(Repository.Root, "src", "Gatehouse.Identity", "Data", "Migrations", "schema.txt")
        );
        var known = schema
            .Where(line => line.Split(' ')[0].EndsWith(".user_id", StringComparison.Ordinal))
            .Select(line => string.Join('.', line.Split('.')[..2]))
            .ToList();

        Assert.Contains("identity.passkeys", known);
        Assert.Empty(known.Except(UserRows.Tables).Except(OutliveTheUser));
    }
}
