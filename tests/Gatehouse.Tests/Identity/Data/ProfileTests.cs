using System.Text.Json;
using Gatehouse.Identity.Data;

namespace Gatehouse.Tests.Identity.Data;

public class ProfileTests
{
    [Fact]
    public void A_profile_written_by_an_earlier_release_is_read_with_what_it_lacks_empty()
    {
        var read = JsonSerializer.Deserialize("""{"About":"Builds bridges.","Languages":["hi","en"]}""", ProfileJson.Default.Profile)!;

        Assert.Equal(("Builds bridges.", "hi en"), (read.About, string.Join(' ', read.Languages)));
        Assert.Equal((null, null, 0, null), (read.Title, read.Website, read.Links.Count, read.BirthDate));
    }
}
