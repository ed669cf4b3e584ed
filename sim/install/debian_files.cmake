# Run by CPack on what it has installed into CPACK_TEMPORARY_DIRECTORY, a folder a package, before it packs it: the
# copyright and the changelog in Debian's forms, texts compressed as Debian has them, all with the commit's date.
foreach(package ${CPACK_COMPONENTS_ALL})
  set(root ${CPACK_TEMPORARY_DIRECTORY}/${package})
  set(documents ${root}/usr/share/doc/${package})
  file(WRITE ${documents}/copyright
"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: headway

Files: *
Copyright: 2026 the headway authors
License: GPL-2
 headway is free software; you can redistribute it and/or modify it under the
 terms of the GNU General Public License, version 2 only, as published by the
 Free Software Foundation.
 .
 headway is distributed in the hope that it will be useful, but WITHOUT ANY
 WARRANTY; without even the implied warranty of MERCHANTABILITY or FITNESS FOR
 A PARTICULAR PURPOSE. See the GNU General Public License for more details.
 .
 On Debian systems, the complete text of the GNU General Public License,
 version 2, can be found in \"/usr/share/common-licenses/GPL-2\".
")
  file(WRITE ${documents}/changelog.Debian
"headway (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium

  * As its authors build it; what has changed is in headway's changelog.gz.

 -- ${CPACK_PACKAGE_CONTACT}  ${CPACK_HEADWAY_DATE}
")
  if(EXISTS ${documents}/CHANGELOG.md)
    file(RENAME ${documents}/CHANGELOG.md ${documents}/changelog)
  endif()
  if(EXISTS ${root}/usr/share/zsh/site-functions)
    file(RENAME ${root}/usr/share/zsh/site-functions ${root}/usr/share/zsh/vendor-completions)
  endif()
  file(GLOB texts ${documents}/changelog* ${root}/usr/share/man/man1/*.1)
  execute_process(COMMAND gzip -9 --no-name --force ${texts} COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND find ${root} -exec touch --no-dereference --date=@${CPACK_HEADWAY_SECONDS} {} +
                  COMMAND_ERROR_IS_FATAL ANY)
endforeach()
